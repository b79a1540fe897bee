import { utilities } from '@cornerstonejs/core';
import type { Message, Point3 } from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import { t } from '../../i18n/translate';
import type { ErrorMapViews } from '../../session/ErrorMapViews';
import { activeSynthetic } from '../series/activeSynthetic';
import { storedErrorMap } from '../series/readErrorMap';
import { shownPosition } from '../series/shownPosition';
import { centreOf, nearestImage } from '../series/slicePosition';
import type { DisplaySet, GridState, HangingProtocolState, Services } from '../types';
import { CELLS, type Cells, cellsOf, viewportIdOf } from './cells';
import { compareProtocol, PROTOCOL } from './compareProtocol';

/** The expected errors as the session keeps them. */
export interface ErrorMapPort {
  errorMapViews: Pick<ErrorMapViews, 'of' | 'show'>;
  /** Whether a series is a result of this session with a map. */
  hasErrorMap(SeriesInstanceUID: string): boolean;
}

/** What a comparison replaced. */
interface Before {
  protocol: HangingProtocolState;
  grid: GridState;
  /** An acquired series that takes the place of one that is removed meanwhile. */
  substitute: string | undefined;
}

/**
 * The comparison of a synthetic series with its sources, as a hanging protocol. Leaving it restores the
 * viewports that it replaced; their slices and windows OHIF keeps itself, under names of their own.
 */
export class Comparison {
  /** The series that was asked for; undefined: the newest of the study. */
  private chosen: string | undefined;
  private before: Before | undefined;
  /** The series whose expected error the comparison turned on. */
  private turnedOn: string | undefined;
  /** Position of the slice that was shown, LPS mm. */
  private position: Point3 | undefined;
  private readonly windows = new Map<string, { windowWidth: number; windowCenter: number }>();
  private count = 0;

  constructor(
    private readonly services: Services,
    private readonly errorMaps: () => ErrorMapPort,
  ) {}

  /** The protocol for the active study; OHIF asks for it each time it hangs it. */
  readonly protocol = () => {
    const study = this.services.hangingProtocolService.getActiveProtocol().activeStudy?.StudyInstanceUID;
    const cells = study ? this.cells(study) : undefined;
    const opened = CELLS.flatMap(cell => {
      const shown = cells?.[cell];
      if (!shown) return [];
      const { displaySetInstanceUID } = shown;
      const window = this.windows.get(displaySetInstanceUID);
      return [{ cell, displaySetInstanceUID, index: this.indexOf(shown), window }];
    });
    return {
      protocol: compareProtocol(study ?? '', opened, `${PROTOCOL}-${this.count}`, t('compare/protocol')),
    };
  };

  /** SeriesInstanceUID of the synthetic series that is compared. */
  shown(): string | undefined {
    return this.isHung() ? this.hung()?.result.SeriesInstanceUID : undefined;
  }

  /**
   * Compares a synthetic series; leaves the comparison of the same one.
   * @param SeriesInstanceUID undefined: that of the active viewport, or else the newest one
   * @returns why nothing can be compared
   */
  toggle(SeriesInstanceUID?: string): Message | undefined {
    const shown = this.shown();
    // Its result may have been rejected meanwhile.
    if (this.isHung() && (SeriesInstanceUID ?? shown) === shown) {
      this.leave();
      return undefined;
    }
    return this.enter(SeriesInstanceUID ?? activeSynthetic(this.services));
  }

  /** Follows OHIF: the expected error comes on with its viewport. */
  applied(): void {
    const series = this.hung()?.uncertainty?.SeriesInstanceUID;
    const { errorMapViews } = this.errorMaps();
    if (!series || errorMapViews.of(series).display !== 'off') return;
    this.turnedOn = series;
    void errorMapViews.show(series, 'overlay');
  }

  /** There is nothing to return to: the study was closed. */
  forget(): void {
    this.before = undefined;
    this.turnedOn = undefined;
    this.chosen = undefined;
    this.position = undefined;
    this.windows.clear();
  }

  private enter(wanted: string | undefined): Message | undefined {
    const { displaySetService, hangingProtocolService, viewportGridService } = this.services;
    const displaySets = displaySetService.getActiveDisplaySets();
    const study = this.studyOf(wanted);
    const cells = study && this.cellsOf(study, wanted);
    if (!cells) return message('compare/none');
    const grid = viewportGridService.getState();
    const protocol = hangingProtocolService.getState();
    if (!this.isHung() && protocol)
      this.before = {
        protocol,
        grid: { ...grid, viewports: new Map(grid.viewports) },
        substitute: cells['source-1']?.displaySetInstanceUID,
      };
    this.turnOff();
    this.chosen = cells.result.SeriesInstanceUID;
    this.position = shownPosition(cells.result, this.services);
    this.rememberWindows(grid);
    this.count++;
    hangingProtocolService.run({ displaySets, activeStudy: { StudyInstanceUID: study } }, PROTOCOL);
    viewportGridService.setActiveViewportId(viewportIdOf('result'));
    return undefined;
  }

  private leave(): void {
    const { displaySetService, hangingProtocolService, viewportGridService } = this.services;
    const { before } = this;
    const displaySets = displaySetService.getActiveDisplaySets();
    const study = hangingProtocolService.getState()?.activeStudyUID;
    this.turnOff();
    this.forget();
    if (!before) {
      // The mode opened with the comparison.
      hangingProtocolService.run({ displaySets, activeStudy: { StudyInstanceUID: study } }, 'default');
      return;
    }
    const { protocolId, stageIndex, activeStudyUID } = before.protocol;
    hangingProtocolService.run(
      { displaySets, activeStudy: { StudyInstanceUID: activeStudyUID } },
      protocolId,
      { stageIndex, restoreProtocol: true },
    );
    viewportGridService.set(withLoaded(before, displaySets));
  }

  private turnOff(): void {
    if (this.turnedOn) void this.errorMaps().errorMapViews.show(this.turnedOn, 'off');
    this.turnedOn = undefined;
  }

  private isHung(): boolean {
    const { hangingProtocolService, viewportGridService } = this.services;
    return (
      hangingProtocolService.getState()?.protocolId === PROTOCOL &&
      viewportGridService.getState().viewports.has(viewportIdOf('result'))
    );
  }

  /** The cells while the comparison is the active protocol. */
  private hung(): Cells | undefined {
    const { protocolId, activeStudyUID } = this.services.hangingProtocolService.getState() ?? {};
    return protocolId === PROTOCOL && activeStudyUID ? this.cells(activeStudyUID) : undefined;
  }

  private cells(study: string): Cells | undefined {
    return this.cellsOf(study, this.chosen) ?? this.cellsOf(study, undefined);
  }

  private cellsOf(study: string, SeriesInstanceUID: string | undefined): Cells | undefined {
    const displaySets = this.services.displaySetService.getActiveDisplaySets();
    return cellsOf(
      displaySets.filter(one => one.StudyInstanceUID === study),
      SeriesInstanceUID,
      uid => this.errorMaps().hasErrorMap(uid) || storedErrorMap(uid, this.services) !== undefined,
    );
  }

  private studyOf(SeriesInstanceUID: string | undefined): string | undefined {
    const { displaySetService, viewportGridService } = this.services;
    if (SeriesInstanceUID)
      return displaySetService.getDisplaySetsForSeries(SeriesInstanceUID)[0]?.StudyInstanceUID;
    const { activeViewportId, viewports } = viewportGridService.getState();
    const [uid] = (activeViewportId && viewports.get(activeViewportId)?.displaySetInstanceUIDs) || [];
    return uid ? displaySetService.getDisplaySetByUID(uid)?.StudyInstanceUID : undefined;
  }

  /** The image nearest to the slice that was shown, or else to the middle slice of the result. */
  private indexOf({ StudyInstanceUID, instances = [] }: DisplaySet): number | undefined {
    const result = this.cells(StudyInstanceUID)?.result.instances;
    if (result?.[0]?.FrameOfReferenceUID !== instances[0]?.FrameOfReferenceUID) return undefined;
    const position = this.position ?? (result && centreOf(result[Math.floor(result.length / 2)]));
    return position && nearestImage(instances, position);
  }

  private rememberWindows(grid: GridState): void {
    this.windows.clear();
    for (const { viewportId, displaySetInstanceUIDs } of grid.viewports.values()) {
      const viewport = this.services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
      const range = viewport?.getProperties().voiRange;
      const [uid, ...more] = displaySetInstanceUIDs ?? [];
      if (!range || !uid || more.length > 0) continue;
      this.windows.set(uid, utilities.windowLevel.toWindowLevel(range.lower, range.upper));
    }
  }
}

/** The viewports before, without the display sets that were removed since. */
function withLoaded({ grid, substitute }: Before, displaySets: readonly DisplaySet[]): GridState {
  const loaded = new Set(displaySets.map(({ displaySetInstanceUID }) => displaySetInstanceUID));
  const viewports = [...grid.viewports].map(([id, viewport]) => {
    const shown = viewport.displaySetInstanceUIDs ?? [];
    const left = shown.filter(uid => loaded.has(uid));
    const isLost = left.length === 0 && shown.length > 0 && substitute !== undefined;
    return [id, { ...viewport, displaySetInstanceUIDs: isLost ? [substitute] : left }] as const;
  });
  return { ...grid, viewports: new Map(viewports) };
}
