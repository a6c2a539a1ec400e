import { isLoopback } from './loopback';

it.each([
  'localhost',
  'LOCALHOST',
  'app.localhost',
  '127.0.0.1',
  '127.9.8.7',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
])('%s is this machine', (host) => expect(isLoopback(host)).toBe(true));

it.each([
  '',
  '0.0.0.0',
  '::',
  '10.0.0.1',
  '192.168.127.1',
  'localhost.example.com',
  'notlocalhost',
  '127.0.0.1.example.com',
  '::ffff:10.0.0.1',
])('%p is not', (host) => expect(isLoopback(host)).toBe(false));
