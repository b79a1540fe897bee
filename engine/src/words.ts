import { CONTRAST_LABELS, type Contrast } from './contrast/Contrast';
import type { RegistrationRecord } from './dicom/record';
import { PROGRESS_TOTAL, type Progress } from './progress';
import { type Decimal, fixed, type Sentence, say } from './say';

/** What a job is doing, for a person. */
export function progressWords(progress: Progress): Sentence {
  switch (progress.stage) {
    case 'read':
      return say`Reading image ${progress.done} of ${progress.of}`;
    case 'register':
      return say`Measuring how the series lie on one another: step ${progress.done} of ${progress.of}`;
    case 'brain':
      return say`Finding the brain: step ${progress.done} of ${progress.of}`;
    case 'download':
      return say`Loading the model: ${megabytes(progress.done)} of ${megabytes(progress.of)} MB`;
    case 'check':
      return say`Checking the model on this machine: network ${progress.done} of ${progress.of}`;
    case 'prepare':
      return say`Resampling and scaling the series: step ${progress.done} of ${progress.of}`;
    case 'tokens':
      return say`Encoding the series: step ${progress.done} of ${progress.of}`;
    case 'diffusion':
      return say`Predicting ${CONTRAST_LABELS[progress.target]}: step ${progress.done} of ${progress.of}`;
    case 'images':
      return say`Making the slices: step ${progress.done} of ${progress.of}`;
    case 'finish':
      return say`Writing the DICOM series`;
  }
}

/** "about 20 s left", or nothing while it is too early to say. */
export function timeLeftWords({ completed }: Progress, elapsedMs: number): Sentence | null {
  const fraction = completed / PROGRESS_TOTAL;
  if (fraction < 0.1 || elapsedMs < 2000) return null;
  const seconds = (elapsedMs / 1000) * (1 / fraction - 1);
  if (seconds < 1) return say`almost done`;
  return seconds < 90
    ? say`about ${Math.ceil(seconds / 5) * 5} s left`
    : say`about ${Math.ceil(seconds / 60)} min left`;
}

/** "T2 moved 3.1 mm, 1.2 degrees; registered onto T1", or that it lay there already. */
export function alignmentWords(
  { contrast, millimetres, degrees, transform }: RegistrationRecord,
  reference: Contrast,
): Sentence {
  const [source, onto] = [CONTRAST_LABELS[contrast], CONTRAST_LABELS[reference]];
  const motion = say`${fixed(millimetres, 1)} mm, ${fixed(degrees, 1)} degrees`;
  return transform
    ? say`${source} moved ${motion}; registered onto ${onto}`
    : say`${source} aligned with ${onto} within ${motion}`;
}

/** What must stand beside a synthetic image of this contrast. */
export function warnings(target: Contrast): Sentence[] {
  const predicted = say`Predicted, not measured.`;
  return target === 't1ce'
    ? [
        predicted,
        say`A synthetic T1ce cannot know gadolinium uptake: the absence of enhancement in it excludes nothing.`,
      ]
    : [predicted];
}

function megabytes(bytes: number): Decimal {
  return fixed(bytes / 1e6, 1);
}
