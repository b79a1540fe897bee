import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Boot, bootScript } from './page';
import { PACKAGE_NAMES, PANEL } from './plugins';

const boot: Boot = {
  chunkList: 'chunks',
  chunks: [],
  modules: {},
  customizesModes: true,
  moved: false,
  plugins: [{ name: PACKAGE_NAMES.extension, kind: 'extension' }],
  panel: PANEL,
};

/** The configuration that OHIF finds after boot.js. */
function configured(config: object, about: Partial<Boot> = {}) {
  const window = { config, PUBLIC_URL: '/viewer/' };
  vm.runInNewContext(bootScript({ ...boot, ...about }), { window });
  return JSON.parse(JSON.stringify(window.config));
}

const pushed = { rightPanels: { $push: [PANEL] } };

describe('a page that Back shows again, whole', () => {
  function leaveAndComeBack(config: object) {
    const page = new EventTarget();
    const style = { visibility: 'visible' };
    let reloads = 0;
    vm.runInNewContext(bootScript(boot), {
      window: Object.assign(page, { config }),
      document: { documentElement: { style } },
      location: { reload: () => reloads++ },
    });
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    page.dispatchEvent(new Event('pagehide'));
    const { visibility } = style;
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    return { visibility, reloads };
  }

  it('was hidden when it was left and starts anew, where people log in', () => {
    expect(leaveAndComeBack({ oidc: [{}] })).toEqual({ visibility: 'hidden', reloads: 1 });
  });

  it('is as it was, where nobody logs in', () => {
    expect(leaveAndComeBack({})).toEqual({ visibility: 'visible', reloads: 0 });
  });
});

describe('the panel in OHIF’s own modes', () => {
  it('is in both, beside what the site has there', () => {
    expect(configured({}).customizationService).toEqual({
      global: {},
      mode: { viewer: pushed, basic: pushed },
    });
    const basic = { rightPanels: ['theirs'] };
    const { mode } = configured({ customizationService: { mode: { basic } } }).customizationService;
    expect(mode).toEqual({ viewer: pushed, basic: { rightPanels: ['theirs', PANEL] } });
  });

  it('stays in both when a site adds it to another', () => {
    const { mode } = configured({
      customizationService: { mode: { segmentation: pushed } },
    }).customizationService;
    expect(mode).toEqual({ segmentation: pushed, viewer: pushed, basic: pushed });
  });

  it.each([['viewer'], ['@ohif/mode-longitudinal'], ['*']])(
    'is there once where the site has it under %s',
    name => {
      const { mode } = configured({
        customizationService: { mode: { [name]: pushed } },
      }).customizationService;
      expect(mode[name]).toEqual(pushed);
      expect(JSON.stringify(mode.viewer ?? '').split(PANEL)).toHaveLength(name === 'viewer' ? 2 : 1);
      expect('basic' in mode).toBe(name !== '*');
    },
  );

  it('is there by the configuration of modes in an OHIF without their customization', () => {
    const theirs = { routes: {} };
    const modesConfiguration = { '@ohif/mode-segmentation': theirs, '@ohif/mode-basic': theirs };
    const made = configured({ modesConfiguration }, { customizesModes: false }).modesConfiguration;
    expect(made).toMatchObject(modesConfiguration);
    expect(JSON.stringify(made['@ohif/mode-longitudinal'])).toContain(PANEL);
  });
});
