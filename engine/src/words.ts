import { CONTRAST_LABELS, type Contrast } from './contrast/Contrast';
import type { RegistrationRecord } from './dicom/record';
import { PROGRESS_TOTAL, type Progress } from './progress';

/** What a job is doing, for a person. */
export function progressWords(progress: Progress): string {
  switch (progress.stage) {
    case 'read':
      return `Reading image ${progress.done} of ${progress.of}`;
    case 'register':
      return `Measuring how the series lie on one another: step ${progress.done} of ${progress.of}`;
    case 'brain':
      return `Finding the brain: step ${progress.done} of ${progress.of}`;
    case 'download':
      return `Loading the model: ${megabytes(progress.done)} of ${megabytes(progress.of)} MB`;
    case 'check':
      return `Checking the model on this machine: network ${progress.done} of ${progress.of}`;
    case 'prepare':
      return `Resampling the series: ${progress.done} of ${progress.of}`;
    case 'tokens':
      return `Encoding the series: step ${progress.done} of ${progress.of}`;
    case 'diffusion':
      return `Predicting ${CONTRAST_LABELS[progress.target]}: step ${progress.done} of ${progress.of}`;
    case 'images':
      return `Making the slices: step ${progress.done} of ${progress.of}`;
    case 'finish':
      return 'Writing the DICOM series';
  }
}

/** "about 20 s left", or nothing while it is too early to say. */
export function timeLeftWords({ completed }: Progress, elapsedMs: number): string | null {
  const fraction = completed / PROGRESS_TOTAL;
  if (fraction < 0.1 || elapsedMs < 2000) return null;
  const seconds = (elapsedMs / 1000) * (1 / fraction - 1);
  if (seconds < 1) return 'almost done';
  return seconds < 90
    ? `about ${Math.ceil(seconds / 5) * 5} s left`
    : `about ${Math.ceil(seconds / 60)} min left`;
}

/** "T2 moved 3.1 mm, 1.2 degrees; registered onto T1", or that it lay there already. */
export function alignmentWords(
  { contrast, millimetres, degrees, transform }: RegistrationRecord,
  reference: Contrast,
): string {
  const [source, onto] = [CONTRAST_LABELS[contrast], CONTRAST_LABELS[reference]];
  const motion = `${millimetres.toFixed(1)} mm, ${degrees.toFixed(1)} degrees`;
  return transform
    ? `${source} moved ${motion}; registered onto ${onto}`
    : `${source} aligned with ${onto} within ${motion}`;
}

/** What must stand beside a synthetic image of this contrast. */
export function warnings(target: Contrast): string[] {
  const predicted = 'Predicted, not measured.';
  return target === 't1ce'
    ? [
        predicted,
        'A synthetic T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing.',
      ]
    : [predicted];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
