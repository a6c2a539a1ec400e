/** Stand for real ids in the examples; anyone who tries an example puts their own in. */
export const exampleIds = {
  campaign: 'cam_01jzexample0campaign000000',
  coupon: 'cpn_01jzexample0coupon00000000',
  redemption: 'red_01jzexample0redemption0000',
  reservation: 'res_01jzexample0reservation000',
  job: 'job_01jzexample0job00000000000',
  apiKey: 'key_01jzexample0apikey00000000',
  template: 'tpl_01jzexample0template000000',
  card: 'crd_01jzexample0card0000000000',
  member: 'mem_01jzexample0member00000000',
  reward: 'rwd_01jzexample0reward00000000',
  number: '4711081512',
  workflow: 'wfl_01jzexample0workflow000000',
  run: 'run_01jzexample0run00000000000',
  code: 'W7KQ3M9XHT2C',
} as const;
