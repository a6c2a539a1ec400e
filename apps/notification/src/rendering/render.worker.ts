import { parentPort } from 'node:worker_threads';
import type { FieldError } from '@tearoff/contracts';
import { faultOf, render, type Rendering, type RenderRequest } from './render';

/** What a thread is asked, as JSON: nothing else gets in, and nothing else comes out. */
export type ThreadRequest =
  { check: { engine: RenderRequest['engine']; texts: FieldTexts } } | { render: RenderRequest };
export type ThreadReply = FieldError[] | Rendering[];
export type FieldTexts = { path: string; text: string }[];

function answer(request: ThreadRequest): ThreadReply {
  if ('render' in request) return render(request.render);
  const { engine, texts } = request.check;
  return texts.flatMap(({ path, text }) => {
    const message = faultOf(engine, text);
    return message === null ? [] : [{ path, message }];
  });
}

parentPort!.on('message', (request: string) => {
  parentPort!.postMessage(JSON.stringify(answer(JSON.parse(request) as ThreadRequest)));
});
parentPort!.postMessage('ready');
