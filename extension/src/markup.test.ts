import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** What turns a string into markup or code. */
const SINKS =
  /innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write|DOMParser|createContextualFragment|setHTML|\beval\(|new Function\(|javascript:/;

it('no source of ours turns a string into markup or code', () => {
  const files = ['engine/src', 'extension/src', 'mode/src'].flatMap(folder =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => /\.tsx?$/.test(file) && !/\.test\.|(^|\/)testing\//.test(file))
      .map(file => `${folder}/${file}`),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter(file => SINKS.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
});
