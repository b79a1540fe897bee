import { SLICE_LINK } from '../link/sliceLink';
import { type Cell, viewportIdOf } from './cells';

/** Id of the hanging protocol; a site may name it in its mode. */
export const PROTOCOL = 'modality-synthesis-compare';

/** What a cell opens with. */
export interface OpenedCell {
  cell: Cell;
  displaySetInstanceUID: string;
  /** Of the image; undefined: the middle one. */
  index: number | undefined;
  /** Undefined: that of the header. */
  window: { windowWidth: number; windowCenter: number } | undefined;
}

/** All cells follow each other in slice, zoom and pan; windows only where the series is the same. */
const LINKS = [SLICE_LINK, 'zoompan'];

/** Cells in a row. */
const MOST_COLUMNS = 3;

/**
 * The hanging protocol of a comparison; without cells one viewport, as in OHIF's default protocol.
 * @param study StudyInstanceUID; chosen among several protocols of a mode where there are cells
 * @param name another one for each comparison: OHIF keeps slices and windows by it
 * @param label what OHIF calls the protocol
 */
export function compareProtocol(study: string, cells: readonly OpenedCell[], name: string, label: string) {
  return {
    id: PROTOCOL,
    name: label,
    protocolMatchingRules: [
      { ...equals('StudyInstanceUID', cells.length > 0 ? study : ''), weight: 100, required: true },
    ],
    numberOfPriorsReferenced: -1,
    toolGroupIds: ['default'],
    displaySetSelectors: {
      ...Object.fromEntries(
        cells.map(({ cell, displaySetInstanceUID }) => [
          cell,
          {
            seriesMatchingRules: [
              { ...equals('displaySetInstanceUID', displaySetInstanceUID), required: true },
            ],
          },
        ]),
      ),
      any: {
        seriesMatchingRules: [{ attribute: 'numImageFrames', constraint: { greaterThan: { value: 0 } } }],
      },
    },
    stages: [
      {
        name: PROTOCOL,
        viewportStructure: { layoutType: 'grid', properties: layoutOf(cells) },
        viewports: cells.length > 0 ? cells.map(cell => viewportOf(cell, name)) : [ANY],
      },
    ],
    defaultViewport: ANY,
  };
}

/** A viewport for any series. */
const ANY = {
  viewportOptions: {
    viewportType: 'stack',
    viewportId: 'default',
    toolGroupId: 'default',
    allowUnmatchedView: true,
    initialImageOptions: { preset: 'middle' },
  },
  displaySets: [{ id: 'any', matchedDisplaySetsIndex: -1 }],
};

function equals(attribute: string, value: string) {
  return { attribute, constraint: { equals: { value } } };
}

/**
 * Up to three cells stand in a row; of more, what was made stands below what was acquired. All have one size:
 * the same zoom is the same scale.
 */
function layoutOf(cells: readonly OpenedCell[]) {
  const count = Math.max(1, cells.length);
  if (count <= MOST_COLUMNS) return { rows: 1, columns: count, layoutOptions: [] };
  if (count === 4) return { rows: 2, columns: 2, layoutOptions: [] };
  const isMade = ({ cell }: OpenedCell) => !cell.startsWith('source');
  const columns = cells.length - cells.filter(isMade).length;
  const [width, height] = [1 / columns, 1 / 2];
  const layoutOptions = cells.map((cell, n) =>
    isMade(cell)
      ? { x: (n - columns) * width, y: height, width, height }
      : { x: n * width, y: 0, width, height },
  );
  return { rows: 2, columns, layoutOptions };
}

function viewportOf({ cell, index, window }: OpenedCell, name: string) {
  const links = cell.startsWith('source') ? LINKS : [...LINKS, 'voi'];
  return {
    viewportOptions: {
      viewportId: viewportIdOf(cell),
      viewportType: 'stack',
      toolGroupId: 'default',
      id: name,
      // Another series may be dropped into a cell.
      allowUnmatchedView: true,
      initialImageOptions: index === undefined ? { preset: 'middle' } : { index },
      syncGroups: links.map(type => ({ type, id: `${PROTOCOL}-${type}`, source: true, target: true })),
    },
    displaySets: [{ id: cell, options: { id: name, ...(window && { voi: window }) } }],
  };
}
