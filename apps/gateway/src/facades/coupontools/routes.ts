/** What every route of this façade is: the native acts it stands for (a key must be allowed all of them), JSON or a form. */
export const standingFor = (...standsFor: string[]) => ({ standsFor, form: true });
