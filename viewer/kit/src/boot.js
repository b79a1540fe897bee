/**
 * Runs in the viewer's page between its configuration and OHIF: the kit writes it with `kit`, what it read in
 * the viewer's build (Boot in page.ts), into one file. Gives OHIF the extension and the mode by their names,
 * and them the packages of the viewer on `window` by their full names, as OHIF's run-time plugins have them.
 */
const base = window.PUBLIC_URL || '/';
const address = name => `${base}${name}/index.umd.js`;

// A build gives its `require` to every entry of its chunk list before it runs a module of its own.
let host;
globalThis[kit.chunkList] = globalThis[kit.chunkList] || [];
globalThis[kit.chunkList].push([
  ['modality-synthesis-kit'],
  {},
  require => {
    host = require;
    if (kit.moved) require.p = base;
  },
]);

/** A module of the viewer under its public names, as a bundler gives it to a UMD plugin. */
function publicModule({ id, exports, members }) {
  const module = host(id);
  if (!exports) return { __esModule: true, ...module, default: module };
  const named = { __esModule: true };
  const define = (name, get) => Object.defineProperty(named, name, { enumerable: true, get });
  for (const [name, key] of Object.entries(exports)) define(name, () => module[key]);
  for (const name of members) define(name, () => module[exports.default][name]);
  return named;
}

let shared;
const share = () => {
  shared ||= Promise.all(kit.chunks.map(chunk => host.e(chunk))).then(() => {
    for (const [name, module] of Object.entries(kit.modules)) window[name] = publicModule(module);
  });
  return shared;
};

/** Loads a plugin once; its default export is on `window` by its name. */
const loading = {};
async function load(name) {
  await share();
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address(name);
    script.onload = resolve;
    script.onerror = () => reject(new Error(`could not load ${script.src}`));
    document.head.append(script);
  });
  return { default: window[name] };
}

// OHIF asks this function of its page for every plugin that is not in its build.
const importFunction = window.browserImportFunction;
window.browserImportFunction = name => {
  if (kit.plugins.some(plugin => plugin.name === name)) {
    loading[name] ||= load(name);
    return loading[name];
  }
  return importFunction(kit.moved && name.startsWith('/') ? base + name.slice(1) : name);
};

/** The site's list of extensions or modes with ours, unless it has it. */
function withPlugins(list = [], kind) {
  const names = list.map(entry => (Array.isArray(entry) ? entry[0] : entry)).map(e => e?.packageName ?? e);
  const added = kit.plugins.filter(each => each.kind === kind && !names.includes(each.name));
  return [...list, ...added.map(entryOf)];
}

/** An OHIF that loads plugins itself gets a declaration, any other the name. */
const entryOf = ({ name }) =>
  kit.modules ? name : { packageName: name, importPath: address(name), globalName: name };

/** The site's customization of a mode's panels, with ours. */
function withPanel(mode = {}) {
  const panels = mode.rightPanels;
  const rightPanels = Array.isArray(panels)
    ? [...panels, kit.panel]
    : { ...panels, $push: [...(panels?.$push ?? []), kit.panel] };
  return { ...mode, rightPanels };
}

/** OHIF's own modes that get the panel, by the end of their id: their routes. */
const ROUTES = { longitudinal: 'viewer', basic: 'basic' };

/** Adds the panel to OHIF's own modes, to each unless the site did; our mode brings it itself. */
function addPanel(config) {
  if (kit.customizesModes) {
    const own = config.customizationService ?? {};
    const phased = ['requires', 'bootstrap', 'global', 'mode'].some(phase => phase in own);
    const phases = phased ? own : { global: own };
    const mode = { ...phases.mode };
    for (const [id, route] of Object.entries(ROUTES)) {
      const ofSite = [mode['*'], mode[`@ohif/mode-${id}`], mode[route]];
      if (!JSON.stringify(ofSite).includes(kit.panel)) mode[route] = withPanel(mode[route]);
    }
    config.customizationService = { ...phases, mode };
  } else {
    const routes = { 0: { layoutInstance: { props: { rightPanels: { $push: [kit.panel] } } } } };
    const modes = Object.fromEntries(Object.keys(ROUTES).map(id => [`@ohif/mode-${id}`, { routes }]));
    config.modesConfiguration = { ...modes, ...config.modesConfiguration };
  }
}

/** Back may show a page again, whole, that was left: after a logout it would show the patient. It asks who is there. */
function hideWhenLeft() {
  window.addEventListener('pagehide', () => {
    document.documentElement.style.visibility = 'hidden';
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
}

function extend(config) {
  config.extensions = withPlugins(config.extensions, 'extension');
  config.modes = withPlugins(config.modes, 'mode');
  // With a slash at its end OHIF would not know its own address after a login.
  if (kit.moved) config.routerBasename = base.replace(/(.)\/$/, '$1');
  addPanel(config);
  if (config.oidc?.length) hideWhenLeft();
  return config;
}

const site = window.config;
window.config =
  typeof site === 'function' ? async services => extend({ ...(await site(services)) }) : extend(site);
