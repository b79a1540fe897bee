import { type HostWindow, type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, type TestPacs, test } from './support/test';

type StartViewer = (options: {
  studies: string[];
  pacs: string;
  appConfig: string;
}) => Promise<SynthesisPage>;

async function drawLength(viewer: StartViewer, { proxy, study }: TestPacs): Promise<SynthesisPage> {
  const app = await viewer({ studies: [], pacs: proxy.url, appConfig: tinyBundle });
  await app.open({ studies: [study] });
  await app.run.click();
  await app.finished();
  await expect(app.watermarks).toBeVisible();
  await app.page.evaluate(() =>
    (window as unknown as HostWindow).commandsManager.runCommand('setToolActiveToolbar', {
      toolName: 'Length',
    }),
  );
  const box = (await app.viewports.first().boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await app.page.mouse.click(x - 60, y);
  await app.page.mouse.move(x, y, { steps: 4 });
  await app.page.mouse.click(x + 60, y);
  await expect.poll(() => labels(app)).toHaveLength(1);
  return app;
}

const labels = (app: SynthesisPage) =>
  app.page.evaluate(() =>
    (window as unknown as HostWindow).services.measurementService.getMeasurements().map(m => m.label),
  );

/** Stores all measurements as a structured report; returns the error, if any. */
const saveReport = (app: SynthesisPage) =>
  app.page.evaluate(async () => {
    const { commandsManager, services } = window as unknown as HostWindow;
    try {
      await commandsManager.runCommand(
        'storeMeasurements',
        {
          measurementData: services.measurementService.getMeasurements(),
          dataSource: 'dicomweb',
          additionalFindingTypes: ['ArrowAnnotate'],
          options: { SeriesDescription: 'Report', SeriesNumber: 3001 },
        },
        'CORNERSTONE_STRUCTURED_REPORT',
      );
      return 'saved';
    } catch (error) {
      return (error as Error).message;
    }
  });

test('a measurement on a synthetic series has the prefix; its report waits until the series is stored', async ({
  viewer,
  pacs,
}) => {
  const app = await drawLength(viewer, pacs);
  expect(await labels(app)).toEqual(['SYNTHETIC']);
  await app.page.evaluate(() => {
    const { measurementService } = (window as unknown as HostWindow).services;
    const [measurement] = measurementService.getMeasurements();
    measurementService.update(measurement.uid, { ...measurement, label: 'Lesion' }, true);
  });
  expect(await labels(app)).toEqual(['SYNTHETIC Lesion']);

  expect(await saveReport(app)).toContain('accept the series first');
  expect(pacs.proxy.taken).toBe(0);
  expect((await app.descriptions()).filter(d => d.includes('Report'))).toEqual([]);

  await app.page.click('[data-cy="synthesis-accept"]');
  await expect(app.page.locator('[data-cy="synthesis-storage"]')).toContainText('Stored');
  expect(await saveReport(app)).toBe('saved');
  expect(await pacs.images('SYNTHETIC Report')).toHaveLength(1);
  expect(await pacs.images('Report')).toHaveLength(0);
});

test('a segmentation on a synthetic series has the prefix @long', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open();
  const segment = () =>
    app.page.evaluate(async () => {
      const { commandsManager, services } = window as unknown as HostWindow;
      const id = await commandsManager.runCommand('createLabelmapForViewport', {
        viewportId: services.viewportGridService.getState().activeViewportId,
        options: { label: 'Tumour', createInitialSegment: true },
      });
      const { label, segments } = services.segmentationService.getSegmentation(String(id));
      return [label, ...Object.values(segments).map(s => s.label)];
    });
  expect(await segment()).toEqual(['Tumour', 'Segment 1']);
  await app.run.click();
  await app.finished();
  await expect(app.watermarks).toBeVisible();
  expect(await segment()).toEqual(['SYNTHETIC Tumour', 'SYNTHETIC Segment 1']);
});

test('rejecting a result removes its annotations @long', async ({ viewer, pacs }) => {
  const app = await drawLength(viewer, pacs);
  await app.page.click('[data-cy="synthesis-reject"]');
  await expect(app.thumbnails).toHaveCount(2);
  expect(await labels(app)).toEqual([]);
  expect(
    await app.page.evaluate(() =>
      (window as unknown as HostWindow).cornerstoneTools.annotation.state
        .getAllAnnotations()
        .map(a => a.metadata.toolName),
    ),
  ).not.toContain('Length');
});
