import { describe, expect, it } from 'vitest';
import { domainOf } from '../domains';
import { message } from '../messages';
import { ccdm } from '../methods/ccdm/ccdm';
import { coded } from '../testing/coded';
import { soundFacts } from '../testing/preflight';
import { tinyCcdmManifest } from '../testing/tinyCcdm';
import type { ParameterFacts, TargetFacts } from './facts';
import { runPreflight } from './runPreflight';

const dose = (more: Partial<ParameterFacts>): ParameterFacts => ({
  ...{ label: 'Dose', unit: '%', value: 25, chosen: false },
  told: { value: 25, text: message('choice/by-person'), doubtful: false },
  ...more,
});
const found = (parameters?: TargetFacts) =>
  runPreflight(soundFacts({ parameters }), domainOf()).checks.find(({ id }) => id === 'parameters');
const untold = { text: message('choice/by-person'), doubtful: true };

describe('checkParameters', () => {
  it('is not there where nothing can be told', () => {
    expect(found()).toBeUndefined();
    expect(found({ parameters: [], doubts: [] })).toBeUndefined();
  });

  it('says whence a value is known', () => {
    expect(coded(found({ parameters: [dose({})], doubts: [] }))).toMatchObject({
      level: 'green',
      text: 'choice/by-person',
    });
  });

  it('asks where headers do not tell it, until a person has set it', () => {
    const asked = found({ parameters: [dose({ told: untold })], doubts: [] });
    expect(coded(asked)).toMatchObject({
      level: 'amber',
      text: 'choice/by-person, preflight/parameter-assumed(25, "%")',
      remedy: 'preflight/parameter-remedy("Dose")',
    });
    const set = found({ parameters: [dose({ told: untold, value: 40, chosen: true })], doubts: [] });
    expect(coded(set)).toMatchObject({
      level: 'green',
      text: 'preflight/parameter-chosen("Dose", 40, "%")',
    });
  });

  it('warns of what contradicts itself', () => {
    expect(found({ parameters: [dose({ chosen: true })], doubts: [message('job/busy')] })).toMatchObject({
      level: 'amber',
      text: { items: [{ code: 'job/busy' }] },
    });
  });
});

describe('a model that needs certain sources', () => {
  it('does not run without one of them', () => {
    const model = { manifest: tinyCcdmManifest(), method: ccdm, options: {} };
    const { checks } = runPreflight(soundFacts({ model, targets: ['t1ce'] }), domainOf());
    const fit = checks.find(({ id }) => id === 'fit')!;
    expect(fit.level).toBe('red');
    expect(coded(fit.text)).toContain('preflight/fit-lacking("Tiny", role/t1ce-low)');
  });
});
