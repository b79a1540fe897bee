import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

/** Run in the build and leave nothing of themselves in it. */
const TOOLS = ['esbuild-loader'];
/** Part of onnxruntime-web's published files, by their source maps. */
const IN_RUNTIME = ['onnxruntime-common'];
const LICENSE_FILE = /^(licen[cs]e|copying|notice|thirdpartynotices)(\.|$)/i;

/**
 * A webpack plugin that says what the packages are made of, for the person who certifies them. It belongs
 * to all compilers of a build and writes two files after the last of them:
 * - sbom.cdx.json, a CycloneDX bill of materials without time and serial number: two builds write the same;
 * - THIRD-PARTY-LICENSES.txt, the licences of all that is not ours.
 * Licence plugins see webpack's modules only; the worker is bundled by esbuild and the runtime is copied.
 * Here a package is shipped if the build read a file of it.
 */
export class ShippedParts {
  #compilers = 0;
  /** Files that were read, by compiler. */
  #read = new Map();

  /**
   * @param {{ root: string, folder: string }} where the repository, and the folder of the two files, in which
   *   the worker, the runtime (ort/) and the models (bundles/) lie
   */
  constructor({ root, folder }) {
    this.root = root;
    this.folder = folder;
  }

  apply(compiler) {
    this.#compilers++;
    compiler.hooks.afterEmit.tap(ShippedParts.name, ({ fileDependencies }) => {
      this.#read.set(compiler.name, [...fileDependencies]);
      if (this.#read.size === this.#compilers) this.#write();
    });
  }

  #write() {
    const packages = this.#packages();
    writeFileSync(path.join(this.folder, 'THIRD-PARTY-LICENSES.txt'), licenses(packages, this.#bundles()));
    writeFileSync(path.join(this.folder, 'sbom.cdx.json'), `${this.#billOfMaterials(packages)}\n`);
  }

  /** Packages of which a file was read, by name: their package.json and the texts of their licences. */
  #packages() {
    const modules = path.join(this.root, 'node_modules');
    const names = new Set(IN_RUNTIME);
    for (const file of new Set([...this.#read.values()].flat())) {
      const [scope, name] = path.relative(modules, file).split(path.sep);
      if (scope === '..' || path.basename(file) === 'package.json' || !path.extname(file)) continue;
      names.add(scope.startsWith('@') ? `${scope}/${name}` : scope);
    }
    return [...names]
      .filter(name => !TOOLS.includes(name))
      .sort()
      .map(name => ({
        name,
        folder: path.join(modules, name),
        manifest: json(path.join(modules, name, 'package.json')),
      }))
      .filter(({ manifest }) => !manifest.private)
      .map(shipped => ({ ...shipped, texts: this.#licenseTexts(shipped).join('\n\n') }));
  }

  /** What npm publishes without its licence has it in extension/licenses. */
  #licenseTexts({ name, folder }) {
    const kept = path.join(
      this.root,
      'extension/licenses',
      name.startsWith('onnxruntime-') ? 'onnxruntime' : name,
    );
    for (const where of [folder, kept].filter(existsSync)) {
      const files = readdirSync(where).filter(file => LICENSE_FILE.test(file));
      if (files.length > 0) return files.sort().map(file => text(path.join(where, file)));
    }
    throw new Error(`${name} is shipped without the text of its licence: add it to extension/licenses.`);
  }

  #bundles() {
    const folder = path.join(this.folder, 'bundles');
    return readdirSync(folder)
      .sort()
      .map(id => ({
        file: path.join(folder, id, 'bundle.json'),
        manifest: json(path.join(folder, id, 'bundle.json')),
      }));
  }

  #billOfMaterials(packages) {
    const license = new Contrib.License.Factories.LicenseFactory(() => {
      throw new RangeError('Expressions are not read.');
    });
    const builder = new Contrib.FromNodePackageJson.Builders.ComponentBuilder(
      new Contrib.FromNodePackageJson.Factories.ExternalReferenceFactory(),
      license,
    );
    const locked = json(path.join(this.root, 'package-lock.json')).packages;
    const component = (manifest, type = Enums.ComponentType.Library) => {
      const made = builder.makeComponent(manifest, type);
      made.bomRef.value = made.purl = `pkg:npm/${manifest.name.replace('@', '%40')}@${manifest.version}`;
      // That of the published archive, as npm checked it.
      const [, sha512] = locked[`node_modules/${manifest.name}`]?.integrity?.split('sha512-') ?? [];
      if (sha512)
        made.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(sha512, 'base64').toString('hex'));
      return made;
    };
    const ours = ['extension', 'mode', 'viewer/kit'].map(folder => {
      const made = component(json(path.join(this.root, folder, 'package.json')));
      for (const file of readdirSync(path.join(this.root, folder, 'dist')).sort())
        made.components.add(
          fileComponent(path.join(this.root, folder, 'dist', file), `${folder}/dist/${file}`),
        );
      return made;
    });
    const theirs = packages.map(({ manifest }) => component(manifest));
    const runtime = readdirSync(path.join(this.folder, 'ort')).map(file => `ort/${file}`);
    const files = ['worker.js', ...runtime.sort()].map(file =>
      fileComponent(path.join(this.folder, file), file),
    );
    const models = this.#bundles().map(({ file, manifest: { id, version, name, license: terms } }) => {
      const model = new Models.Component(Enums.ComponentType.MachineLearningModel, id, {
        bomRef: `bundle:${id}@${version}`,
        version,
        description: `${name}. bundle.json, whose SHA-256 this is, lists the SHA-256 of every other file.`,
      });
      model.licenses.add(license.makeFromString(terms));
      model.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256(file));
      return model;
    });
    const all = component(json(path.join(this.root, 'package.json')), Enums.ComponentType.Application);
    const parts = [...ours, ...theirs, ...files, ...models];
    for (const part of parts) all.dependencies.add(part.bomRef);
    const bom = new Models.Bom({ metadata: new Models.Metadata({ component: all }) });
    for (const part of parts) bom.components.add(part);
    const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
    return serializer.serialize(bom, { sortLists: true, space: 2 });
  }
}

function fileComponent(file, name) {
  const made = new Models.Component(Enums.ComponentType.File, name, { bomRef: `file:${name}` });
  made.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256(file));
  return made;
}

function licenses(packages, bundles) {
  const line = '='.repeat(80);
  const parts = [...new Set(packages.map(({ texts }) => texts))].map(texts =>
    [
      ...packages
        .filter(shipped => shipped.texts === texts)
        .map(({ manifest }) => `${manifest.name} ${manifest.version}: ${manifest.license}`),
      '',
      texts,
    ].join('\n'),
  );
  const models = bundles.map(({ manifest: { id, version, name, license, data_sources } }) =>
    [
      `${id} ${version}: ${name}`,
      license,
      ...data_sources.map(source => `Trained with ${source.name}: ${source.terms}`),
    ].join('\n'),
  );
  const heading = 'Licences of what these packages contain and is not theirs: software, then models.';
  return `${[heading, ...parts, ...models].join(`\n\n${line}\n\n`)}\n`;
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function text(file) {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();
}

function json(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
