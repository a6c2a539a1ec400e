import { overBothTransports } from '@tearoff/testing';
import { endingCases } from './cases/endings.cases';
import { failureCases } from './cases/failures.cases';
import { lastingCases } from './cases/lasting.cases';
import { outsideCases } from './cases/outside.cases';
import { runCases } from './cases/runs.cases';
import { traceCases } from './cases/traces.cases';
import { waitCases } from './cases/waits.cases';
import { Scene } from './scene';

overBothTransports((means) => {
  const scene = new Scene();
  beforeAll(() => scene.open(means));
  afterAll(() => scene.world?.stop());
  beforeEach(() => scene.reset());

  runCases(scene);
  failureCases(scene);
  waitCases(scene);
  outsideCases(scene);
  traceCases(scene);
  endingCases(scene);
  lastingCases(scene);
});
