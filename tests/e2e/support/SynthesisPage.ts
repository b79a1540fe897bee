import type { RunningViewer } from '@modality-synthesis/viewer';
import { expect, type Locator, type Page } from '@playwright/test';

export const BUNDLES = '/ohif-extension-modality-synthesis/bundles/';

/** App config with the tiny bundles, for quick jobs. */
export const tinyBundle = `window.config.modalitySynthesis = { bundle: '${BUNDLES}cdm-tiny', brainBundle: '${BUNDLES}brain-tiny' };`;

/** A synthetic series in the viewer. */
export interface ReadSeries {
  SeriesDescription: string;
  /** Attributes of the first image without PixelData. */
  first: Record<string, unknown>;
  /** ImagePositionPatient in the order of the slices along the normal. */
  positions: number[][];
  orientation: number[];
  spacing: number[];
  size: [number, number];
  /** Stored values, slices sorted along the normal. */
  pixels: Float32Array;
}

/** Page object of the viewer with the panel. */
export class SynthesisPage {
  readonly panel: Locator;
  readonly progress: Locator;
  readonly message: Locator;
  /** Checks that are not measured yet. */
  readonly pending: Locator;
  /** The section with sources and targets. */
  readonly choices: Locator;
  /** The section with the checks that passed. */
  readonly passed: Locator;
  readonly button: Locator;
  readonly run: Locator;
  readonly cancel: Locator;
  readonly watermarks: Locator;
  readonly thumbnails: Locator;
  readonly viewports: Locator;
  /** Window width and level of the first viewport, in OHIF's overlay. */
  readonly overlay: Locator;

  constructor(
    readonly page: Page,
    readonly viewer: Pick<RunningViewer, 'url' | 'studies'>,
  ) {
    // What ends the viewer with an empty page stands in the output of the test.
    page.on('pageerror', ({ stack, message }) => console.error(`Error of the page: ${stack || message}`));
    const by = (name: string) => page.locator(`[data-cy="${name}"]`);
    this.panel = by('synthesis-panel');
    this.progress = by('synthesis-progress');
    this.message = by('synthesis-message');
    this.choices = by('synthesis-choices');
    this.passed = by('synthesis-passed');
    this.pending = by('synthesis-preflight-pending');
    this.button = by('synthesize-button');
    this.run = by('synthesis-run');
    this.cancel = by('synthesis-cancel');
    this.watermarks = by('synthetic-mark');
    this.thumbnails = by('study-browser-thumbnail');
    this.overlay = by('viewport-overlay-bottom-left').first();
    this.viewports = page.locator('.cornerstone-viewport-element');
  }

  source = (role: string) => this.page.locator(`[data-cy="synthesis-source-${role}"]`);
  target = (role: string) => this.page.locator(`[data-cy="synthesis-target-${role}"]`);
  result = (role: string) => this.page.locator(`[data-cy="synthesis-result-${role}"]`);

  check = (id: string) => this.page.locator(`[data-cy="synthesis-check-${id}"]`);
  accept = (id: string) => this.page.locator(`[data-cy="synthesis-accept-${id}"]`);

  /** Index of the slice that the first viewport shows, and how many there are. */
  shownSlice(): Promise<{ index: number; slices: number }> {
    return this.page.evaluate(() => {
      const [{ viewport }] = (window as unknown as HostWindow).cornerstone.getEnabledElements();
      return { index: viewport.getCurrentImageIdIndex(), slices: viewport.getImageIds().length };
    });
  }

  /** Changes the first viewport's window by dragging, as OHIF's active tool does. */
  async changeWindow(): Promise<void> {
    const box = (await this.viewports.first().boundingBox())!;
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2 + 40, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Chooses an option of the one choice in a part of the panel. */
  async choose(part: Locator, option: string): Promise<void> {
    await part.getByRole('combobox').click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** Waits for the preflight, acknowledges all warnings and runs. */
  async acceptWarnings(timeout = 200_000): Promise<void> {
    await expect(this.run).toHaveText('Run anyway', { timeout });
    for (const box of await this.page.locator('[data-cy^="synthesis-accept-"]').all()) await box.check();
    await this.run.click();
  }

  picture = (role: string) => this.page.locator(`[data-cy="synthesis-picture-${role}"] img`);

  /** Unfolds a section of the panel, unless it is; again where another study became active meanwhile. */
  async unfold(section: Locator): Promise<void> {
    const header = section.getByRole('button').first();
    await expect(async () => {
      if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
      await expect(header).toHaveAttribute('aria-expanded', 'true', { timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
  }

  /** Unfolds sources and targets, and the passed checks of a study that has sources. */
  async unfoldAll(): Promise<void> {
    for (const section of [this.choices, this.passed]) if (await section.count()) await this.unfold(section);
  }

  /**
   * Opens studies (default: all that the viewer serves), waits for the panel to know them, and unfolds it
   * unless `folded`.
   */
  async open({
    route = 'synthesis',
    query = '',
    studies = this.viewer.studies.map(s => s.uid),
    folded = false,
  } = {}): Promise<void> {
    await this.page.goto(`${this.viewer.url}/${route}?StudyInstanceUIDs=${studies.join(',')}${query}`);
    await this.ready();
    if (!folded) await this.unfoldAll();
  }

  /** Waits until the panel knows the opened studies. */
  async ready(): Promise<void> {
    await expect(this.viewports.first()).toBeVisible({ timeout: 90_000 });
    const tab = this.page.locator('[data-cy="synthesis-btn"]');
    if (!(await this.panel.isVisible())) await tab.click();
    await expect(this.choices).toBeVisible({ timeout: 60_000 });
    await expect(this.button).toBeEnabled();
  }

  /** Waits for the end of the job and returns the codes of its message, such as "job/done". */
  async finished(timeout = 200_000): Promise<string | null> {
    await expect(this.progress).toBeHidden({ timeout });
    await expect(this.message).toBeVisible();
    return this.message.getAttribute('data-code');
  }

  /** All percentages of the progress bar, in order. */
  async watchProgress(): Promise<() => Promise<number[]>> {
    await this.page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(window, { seenProgress: seen });
      new MutationObserver(() => {
        const bar = document.querySelector('[data-cy="synthesis-progress"]');
        const now = Number(bar?.getAttribute('aria-valuenow'));
        if (bar && seen.at(-1) !== now) seen.push(now);
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    return () => this.page.evaluate(() => (window as unknown as { seenProgress: number[] }).seenProgress);
  }

  /** Sorted SeriesDescriptions of the display sets of one study or all: the viewer's order varies. */
  descriptions(study?: string): Promise<string[]> {
    return this.page.evaluate(wanted => {
      const { displaySetService } = (window as unknown as HostWindow).services;
      return displaySetService
        .getActiveDisplaySets()
        .filter(d => !wanted || d.StudyInstanceUID === wanted)
        .map(d => d.SeriesDescription)
        .sort();
    }, study);
  }

  /** What the page has of the synthetic series, or of an earlier one. */
  traces(before?: Traces): Promise<Traces> {
    return this.page.evaluate(async before => {
      const host = window as unknown as HostWindow;
      const { services, cornerstone, cornerstoneTools } = host;
      const { DicomMetadataStore, classes } = host['@ohif/core'];
      const sets = services.displaySetService.getActiveDisplaySets();
      const made = sets.find(d => d.SeriesDescription.startsWith('SYNTHETIC'));
      const uid = before?.SeriesInstanceUID ?? made!.SeriesInstanceUID;
      const imageIds = before?.imageIds ?? made!.instances.map(i => i.url);
      const has = (id: string) => imageIds.includes(id);
      const blobs = await Promise.allSettled(imageIds.map(id => fetch(id.replace('wadouri:', ''))));
      return {
        SeriesInstanceUID: uid,
        imageIds,
        displaySets: sets.filter(d => d.SeriesInstanceUID === uid).length,
        metadata: DicomMetadataStore.getSeries('', uid)?.instances.length ?? 0,
        known: [...classes.MetadataProvider.imageURIToUIDs.values()].filter(u => u.SeriesInstanceUID === uid)
          .length,
        cachedImages: imageIds.filter(id => cornerstone.cache.getImageLoadObject(id)).length,
        cachedVolumes: cornerstone.cache
          .getVolumes()
          .filter(v => v.imageIds.some(id => imageIds.includes(id))).length,
        datasets: imageIds.filter(id => cornerstone.metaData.get('naturalized', id)).length,
        annotations: cornerstoneTools.annotation.state
          .getAllAnnotations()
          .filter(a => imageIds.includes(a.metadata.referencedImageId ?? '')).length,
        segmentations: services.segmentationService
          .getSegmentations()
          .filter(s => Object.values(s.representationData).some(d => d.referencedImageIds?.some(has))).length,
        elements: cornerstone.getEnabledElements().filter(e => e.viewport.getImageIds().some(has)).length,
        blobs: blobs.filter(b => b.status === 'fulfilled').length,
      };
    }, before);
  }

  /** A loaded series with its stored values, by its description or the beginning of it. */
  async readSeries(description: string): Promise<ReadSeries> {
    type Encoded = Omit<ReadSeries, 'pixels'> & { encoded: string };
    const { encoded, ...series } = await this.page.evaluate(async (wanted): Promise<Encoded> => {
      const { services, extensionManager, cornerstone } = window as unknown as HostWindow;
      const displaySets = services.displaySetService.getActiveDisplaySets();
      const displaySet =
        displaySets.find(d => d.SeriesDescription === wanted) ??
        displaySets.find(d => d.SeriesDescription.startsWith(wanted));
      if (!displaySet) throw new Error(`no series ${wanted}`);
      const imageIds = extensionManager.getActiveDataSource()[0].getImageIdsForDisplaySet(displaySet);
      const slices = await Promise.all(
        imageIds.map(async id => {
          const instance = cornerstone.metaData.get('instance', id);
          const image = await cornerstone.imageLoader.loadAndCacheImage(id);
          return { instance, pixels: Float32Array.from(image.getPixelData()) };
        }),
      );
      const o = slices[0].instance.ImageOrientationPatient.map(Number);
      const normal = [o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]];
      const position = (s: (typeof slices)[number]) => s.instance.ImagePositionPatient.map(Number);
      const along = (s: (typeof slices)[number]) => position(s).reduce((sum, v, i) => sum + v * normal[i], 0);
      slices.sort((a, b) => along(a) - along(b));
      const { instance } = slices[0];
      // Playwright takes seconds for an array of as many numbers.
      const encoded = await new Promise<string>(resolve => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result));
        reader.readAsDataURL(new Blob(slices.map(s => s.pixels)));
      });
      return {
        SeriesDescription: displaySet.SeriesDescription,
        first: JSON.parse(JSON.stringify(instance)),
        positions: slices.map(position),
        orientation: o,
        spacing: instance.PixelSpacing.map(Number),
        size: [Number(instance.Columns), Number(instance.Rows)],
        encoded,
      };
    }, description);
    const bytes = Uint8Array.from(Buffer.from(encoded.split(',')[1], 'base64'));
    return { ...series, pixels: new Float32Array(bytes.buffer) };
  }
}

/** Counts of what the page has of one series. */
export interface Traces {
  SeriesInstanceUID: string;
  imageIds: string[];
  displaySets: number;
  /** Instances in OHIF's metadata store. */
  metadata: number;
  /** Image ids that OHIF's metadata provider knows. */
  known: number;
  cachedImages: number;
  cachedVolumes: number;
  /** What cornerstone's loader has parsed, pixels among it. */
  datasets: number;
  annotations: number;
  segmentations: number;
  /** Viewports that show it. */
  elements: number;
  /** Object URLs that still resolve. */
  blobs: number;
}

/** The globals of OHIF and cornerstone that the tests read, and packages that the kit shares with plugins. */
export interface HostWindow {
  '@ohif/core': typeof import('@ohif/core');
  '@ohif/i18n': typeof import('@ohif/i18n');
  services: {
    displaySetService: {
      getActiveDisplaySets(): {
        displaySetInstanceUID: string;
        SeriesDescription: string;
        StudyInstanceUID: string;
        SeriesInstanceUID: string;
        instances: { SOPInstanceUID: string; url: string }[];
      }[];
    };
    viewportGridService: {
      getState(): { activeViewportId: string };
      setDisplaySetsForViewports(updates: object[]): void;
    };
    measurementService: {
      getMeasurements(): { uid: string; label: string }[];
      update(uid: string, measurement: { label: string }, notYetUpdatedAtSource: boolean): void;
    };
    userAuthenticationService: {
      setServiceImplementation(implementation: { getAuthorizationHeader(): Record<string, string> }): void;
    };
    segmentationService: {
      getSegmentations(): {
        representationData: Record<string, { imageIds?: string[]; referencedImageIds?: string[] }>;
      }[];
      getSegmentation(id: string): { label: string; segments: Record<string, { label: string }> };
    };
  };
  commandsManager: { runCommand(name: string, options?: object, context?: string): unknown };
  cornerstoneTools: {
    annotation: {
      state: {
        getAllAnnotations(): { metadata: { toolName: string; referencedImageId?: string } }[];
        addAnnotation(annotation: object): void;
      };
    };
  };
  extensionManager: {
    getActiveDataSource(): { getImageIdsForDisplaySet(displaySet: object): string[] }[];
  };
  cornerstone: {
    cache: {
      getImageLoadObject(imageId: string): unknown;
      getImage(imageId: string): { voxelManager: { getScalarData(): ArrayLike<number> } } | undefined;
      getVolumes(): { imageIds: string[] }[];
    };
    metaData: { get(type: 'instance' | 'naturalized', imageId: string): Record<string, string[]> };
    imageLoader: { loadAndCacheImage(imageId: string): Promise<{ getPixelData(): ArrayLike<number> }> };
    getEnabledElements(): {
      viewport: {
        type: string;
        getCurrentImageIdIndex(): number;
        getImageIds(): string[];
        getSliceIndex(): number;
      };
    }[];
  };
}
