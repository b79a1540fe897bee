import type { BundleCheck } from '../bundle/checkFields';
import type { CheckedSource } from '../dicom/record';
import { domainOf } from '../domains';
import { type RoleId, roleLabel } from '../domains/Role';
import { decimal, list, type Message, message } from '../messages';
import { FIGURE_NAMES, FIGURES, type FigureName, foresees, type Rank } from './ranks';

/** "PSNR in dB" */
function figureLabel(name: FigureName): Message {
  return {
    psnr: message('self-check/psnr'),
    ssim: message('self-check/ssim'),
    mae: message('self-check/mae'),
  }[name];
}

/** "18.25"; an error in per cent of the range. */
function figureValue(source: CheckedSource, name: FigureName): Message {
  const { value } = source[name];
  const shown = name === 'mae' ? decimal(100 * value, 1) : decimal(value, FIGURES[name].digits);
  return message('self-check/value', { value: shown });
}

/** "worse than 31 of 36" */
function rankMessage({ rank }: { rank?: Rank }): Message {
  return rank
    ? message('self-check/rank', { worse: rank.worseThan, of: rank.of })
    : message('self-check/no-rank');
}

/** A row of a table: what was measured, its value, its rank. */
export interface FigureRow {
  figure: Message;
  value: Message;
  rank: Message;
}

/** The figures of a source; that of the lesion only where the model finds one. */
export function figureRows(source: CheckedSource): FigureRow[] {
  const rows = FIGURE_NAMES.map(name => ({
    figure: figureLabel(name),
    value: figureValue(source, name),
    rank: rankMessage(source[name]),
  }));
  const { lesion } = source;
  if (!lesion) return rows;
  return [
    ...rows,
    {
      figure: message('self-check/lesion', { millilitres: decimal(lesion.millilitres, 1) }),
      value: message('self-check/value', { value: decimal(100 * lesion.mae, 1) }),
      rank: rankMessage(lesion),
    },
  ];
}

/** "PSNR, dB 18.25 (worse than 31 of 36); ..." */
export function figureSummary(source: CheckedSource): Message {
  return list(
    figureRows(source).map(row => message('self-check/summary', { ...row })),
    '; ',
  );
}

/**
 * What the check says of the error of a missing role, as far as it was measured, and what it cannot say.
 * @param check of the bundle
 */
export function foresightMessages(domain: string, target: RoleId, check: BundleCheck | undefined): Message[] {
  const known = check?.foresight[target];
  const name = roleLabel(target);
  const cautions = domainOf(domain).checkCautions(target);
  if (!known) return [message('self-check/foresight-unknown', { target: name }), ...cautions];
  const { spearman, patients } = known;
  const [low, high] = known.interval.map(r => decimal(r, 2));
  const measured = { target: name, patients, spearman: decimal(spearman, 2), low, high };
  return [
    foresees(known)
      ? message('self-check/foresees', measured)
      : message('self-check/does-not-foresee', measured),
    ...cautions,
  ];
}
