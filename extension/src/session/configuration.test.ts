import { METHODS, settingsOf } from '@modality-synthesis/engine';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ModalitySynthesisConfiguration } from '../../index';
import { type OwnConfiguration, parseConfiguration } from './configuration';

const defaults = {
  provider: 'auto',
  seed: 1,
  storeReport: false,
  storeUncertainty: true,
  storeTimeout: 60_000,
  storeRetryDelays: [1000, 5000, 15_000],
  requireCheck: false,
  options: {},
};

describe('parseConfiguration', () => {
  it.each([[undefined], [null], [{}]])('takes %j as the defaults', raw => {
    expect(parseConfiguration(raw, '')).toEqual(defaults);
  });

  it('keeps what a site sets', () => {
    const raw = {
      bundle: '/bundles/mine/',
      brainBundle: 'https://site/brain/',
      provider: 'wasm',
      paths: 4,
      seed: 0,
      storeReport: true,
      storeUncertainty: false,
      storeTimeout: 5,
      storeRetryDelays: [],
      requireCheck: true,
      server: {
        url: '/triton',
        model: 'm',
        headers: { a: 'b' },
        login: true,
        consent: true,
        timeout: 9,
      },
    };
    const { paths, ...own } = raw;
    expect(parseConfiguration(raw, '?StudyInstanceUIDs=1.2')).toEqual({ ...own, options: { paths } });
  });

  it('lets the address choose the provider', () => {
    expect(parseConfiguration({ provider: 'webgpu', seed: 9 }, '?synthesisProvider=wasm')).toEqual({
      ...defaults,
      provider: 'wasm',
      seed: 9,
    });
    expect(parseConfiguration(undefined, '?a=b&synthesisProvider=webgpu').provider).toBe('webgpu');
  });

  it.each([
    [{ provider: 'gpu' }, 'configuration/invalid-key("provider"'],
    [{ paths: 0 }, 'configuration/invalid-key("paths"'],
    [{ paths: 17 }, 'configuration/invalid-key("paths"'],
    [{ paths: 1.5 }, 'configuration/invalid-key("paths"'],
    [{ seed: -1 }, 'configuration/invalid-key("seed"'],
    [{ seed: 2 ** 31 }, 'configuration/invalid-key("seed"'],
    [{ seed: '1' }, 'configuration/invalid-key("seed"'],
    [{ bundle: '' }, 'configuration/invalid-key("bundle"'],
    [{ server: { url: '' } }, 'configuration/invalid-key("server.url"'],
    [{ server: { url: 'https://' } }, 'configuration/invalid-key("server.url"'],
    [{ server: { url: 'triton:8000/v2' } }, 'configuration/invalid-key("server.url"'],
    [{ server: {} }, 'configuration/invalid-key("server.url"'],
    [{ server: { url: '/', key: 1 } }, 'configuration/invalid-key("server"'],
    [{ storeTimeout: 0 }, 'configuration/invalid-key("storeTimeout"'],
    [{ storeRetryDelays: [-1] }, 'configuration/invalid-key("storeRetryDelays.0"'],
    [{ brainBundle: 1 }, 'configuration/invalid-key("brainBundle"'],
    [{ bundel: '/b/' }, 'configuration/unknown-key("bundel"'],
    ['text', 'window.config.modalitySynthesis'],
  ])('refuses %j, naming the key', (raw, words) => {
    const parse = () => parseConfiguration(raw, '');
    expect(parse).toThrow(expect.objectContaining({ code: 'configuration-invalid' }));
    expect(parse).toThrow(words);
    expect(parse).toThrow('window.config.modalitySynthesis');
  });

  it('lists the known keys beside an unknown one', () => {
    for (const key of [
      'bundle',
      'brainBundle',
      'provider',
      'seed',
      'mark',
      'storeTimeout',
      'storeRetryDelays',
      'paths',
    ]) {
      expect(() => parseConfiguration({ other: 1 }, '')).toThrow(key);
    }
  });

  it('says when the address is to blame', () => {
    expect(() => parseConfiguration({}, '?synthesisProvider=gpu')).toThrow('?synthesisProvider=');
    expect(() => parseConfiguration({ paths: 0 }, '?synthesisProvider=wasm')).toThrow(
      'window.config.modalitySynthesis',
    );
  });

  it('has the keys and types that the package publishes', () => {
    expectTypeOf<Omit<ModalitySynthesisConfiguration, 'paths'>>().toEqualTypeOf<OwnConfiguration>();
    expect(Object.keys(settingsOf(METHODS))).toEqual(['paths']);
  });
});
