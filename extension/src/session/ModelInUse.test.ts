import type { ModelLookUp } from '@modality-synthesis/engine';
import type { ModelPlace } from '@modality-synthesis/engine/web';
import { expect, it, vi } from 'vitest';
import { engine, look } from '../testing/session';
import { parseConfiguration } from './configuration';
import { ModelInUse } from './ModelInUse';

it('is ready with the model that was chosen while another was looked up', async () => {
  vi.stubGlobal('document', { baseURI: 'https://site/' });
  const answers: (() => void)[] = [];
  const lookUp = (place: ModelPlace) =>
    new Promise<ModelLookUp>(resolve => answers.push(() => resolve(look(place))));
  const assets = { bundle: 'https://site/one/', regionBundle: 'https://site/brain/' };
  const site = parseConfiguration({ bundles: ['https://site/two/'] }, '');
  const model = new ModelInUse(Object.assign(engine, { lookUp }), assets, () => site, vi.fn());
  void model.lookUp();
  void model.choose('https://site/two/');
  const ready = model.ready().then(() => model.usable?.models.synthesis.baseUrl);
  for (let answered = 0; answered < answers.length; answered++) {
    answers[answered]();
    await new Promise(resolve => setTimeout(resolve));
  }
  expect(await ready).toBe('https://site/two/');
});
