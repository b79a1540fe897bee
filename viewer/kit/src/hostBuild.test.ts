import { describe, expect, it } from 'vitest';
import {
  extensionImport,
  type HostBuild,
  membersOfDefault,
  moduleIdOf,
  publicNames,
  readModule,
} from './hostBuild';

describe('publicNames', () => {
  it('keeps names that the build kept', () => {
    expect(
      publicNames('  cache: () => (_cache_js__rspack_import_2.Ay),\n  Enums: () => (enums_namespaceObject)'),
    ).toEqual({
      cache: 'cache',
      Enums: 'Enums',
    });
  });

  it('finds the names behind shortened ones', () => {
    const table = [
      'xx: () => (/* reexport */ services_CineService),',
      'u$: () => (/* reexport */ services_UIDialogService),',
      'tR: () => (/* reexport */ hooks/* .useToolbar */.tR),',
      'Wp: () => (/* reexport */ utils/* ["default"] */.Ay),',
      'rI: () => (/* reexport */ extensions_MODULE_TYPES),',
      'fX: () => (/* reexport */ enums_namespaceObject),',
      'eR: () => (/* reexport module object */ _vec3_js__rspack_import_8),',
      'zz: () => (/* reexport */ other_namespaceObject),',
      'Ay: () => (/* binding */ src)',
    ];
    expect(publicNames(table.map(line => `  ${line}`).join('\n'))).toEqual({
      CineService: 'xx',
      UIDialogService: 'u$',
      useToolbar: 'tR',
      utils: 'Wp',
      MODULE_TYPES: 'rI',
      Enums: 'fX',
      vec3: 'eR',
      default: 'Ay',
    });
  });

  it('knows a shortened table that keeps default in full', () => {
    expect(publicNames('  Vy: () => (/* reexport */ utils_foo),\n  "default": () => (def)')).toEqual({
      foo: 'Vy',
      default: 'default',
    });
  });
});

describe('readModule', () => {
  const build: HostBuild = {
    chunkList: 'rspackChunk',
    chunks: [7],
    sources: [
      `// EXTERNAL MODULE: ../../../node_modules/react/index.js
var react = __webpack_require__(11);
// EXTERNAL MODULE: ../../core/src/index.ts + 75 modules
var core_src = __webpack_require__(13);
11(module, __unused_rspack_exports, __webpack_require__) {
"use strict";
if (true) {
  module.exports = __webpack_require__(12);
} else {}
},
12(__unused_rspack_module, exports) {
exports.useState = function () {};
exports.version = "18.3.1";
},
`,
      `13(__unused_rspack_module, __webpack_exports__, __webpack_require__) {
// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  xx: () => (/* reexport */ services_CineService),
  Ay: () => (/* binding */ src)
});
},
`,
    ],
  };

  it('looks through a CommonJS module which only forwards', () => {
    expect(moduleIdOf(build, '../../../node_modules/react/index.js')).toBe(11);
    expect(readModule(build, 11)).toEqual({
      id: 11,
      kind: 'commonjs',
      exports: { useState: 'useState', version: 'version' },
    });
  });

  it('finds joined modules, in any loaded file', () => {
    expect(moduleIdOf(build, '../../core/src/index.ts')).toBe(13);
    expect(readModule(build, 13)).toEqual({
      id: 13,
      kind: 'esm',
      exports: { CineService: 'xx', default: 'Ay' },
    });
  });

  it('says so when there is no such module', () => {
    expect(moduleIdOf(build, '../../../node_modules/vue/index.js')).toBeUndefined();
    expect(readModule(build, 99)).toBeUndefined();
  });
});

describe('extensionImport', () => {
  const main = `  if (module === "@ohif/extension-default") {
    const imported = await Promise.all(/* import() */ [__webpack_require__.e(1673), __webpack_require__.e(89)]).then(__webpack_require__.bind(__webpack_require__, 50904));
    return imported.default;
  }
  if (module === "@ohif/extension-dicom-pdf") {
    const imported = await __webpack_require__.e(/* import() */ 9116).then(__webpack_require__.bind(__webpack_require__, 95991));
    return imported.default;
  }`;

  it('reads chunks and module of a compiled-in plugin', () => {
    expect(extensionImport(main, '@ohif/extension-default')).toEqual({ chunks: [1673, 89], id: 50904 });
    expect(extensionImport(main, '@ohif/extension-dicom-pdf')).toEqual({ chunks: [9116], id: 95991 });
    expect(extensionImport(main, '@ohif/extension-none')).toBeUndefined();
  });
});

describe('membersOfDefault', () => {
  it('reads the keys of OHIF', () => {
    const sources: [string] = [
      'const OHIF = {\n  MODULE_TYPES: extensions_MODULE_TYPES,\n  //\n  utils: utils,\n  log\n};\n',
    ];
    expect(membersOfDefault({ chunkList: '', chunks: [], sources })).toEqual(['MODULE_TYPES', 'utils']);
  });
});
