import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { isSynthetic } from '../../../dicom/synthetic';
import type { Message } from '../../../messages';
import { message } from '../en';
import { componentOf } from './components';
import { IMAGE_KINDS, SPINE } from './imageKinds';
import { imageTypes } from './imageTypes';
import { evidenceOf, find, type Name, namesOf } from './names';

const OWN_TIMES = IMAGE_KINDS.flatMap(({ ownTimes, names }) => (ownTimes && names ? [names] : []));

/** PS3.4 B.5: the Secondary Capture storage classes begin so. */
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
/** Words for the head in protocol names and in BodyPartExamined (PS3.16 annex L). */
const HEAD =
  /brain|head|skull|neuro|crani|cereb|willis|enceph|encef|kopf|schadel|orbit|optic|pituit|sella|\b(?:face|iac|ear)\b/i;
const SPINE_PARTS = /spine|^neck$|cervical|lumb|sacr|vertebr/i;

/**
 * Reason to refuse a series even if the user chooses it, or null. `DERIVED\SECONDARY` alone is no reason.
 * @param names the informative ones; the spine is always looked for in the protocol name too
 */
export function exclusionReason(attributes: SeriesAttributes, names: readonly Name[]): Message | null {
  const { Modality, SOPClassUID, ScanningSequence = [], ScanOptions = [] } = attributes;
  const foreign = Modality?.split('\\').find(modality => modality !== 'MR');
  if (foreign !== undefined) return message('brain-mr/exclusion/modality', { modality: foreign });
  if (isSynthetic(attributes)) {
    return message('brain-mr/exclusion/synthetic');
  }
  if (SOPClassUID?.startsWith(SECONDARY_CAPTURE)) return message('brain-mr/exclusion/secondary-capture');
  const kind = excludedKind(attributes, names);
  if (kind) return kind;
  const component = componentOf(attributes, names);
  if (component && component !== 'unknown' && component.use === 'refused')
    return message('brain-mr/exclusion/kind', { kind: component.label, evidence: component.evidence });
  if (ScanningSequence.some(value => value.trim().toUpperCase() === 'EP')) {
    return message('brain-mr/exclusion/echo-planar');
  }
  // GE writes it where ScanningSequence says RM.
  if (ScanOptions.includes('EPI_GEMS')) {
    return message('brain-mr/exclusion/echo-planar-ge');
  }
  return ofTheSpine(attributes);
}

function excludedKind(attributes: SeriesAttributes, names: readonly Name[]): Message | null {
  const types = imageTypes(attributes);
  const acquired = attributes.AcquisitionContrast?.trim().toUpperCase() ?? '';
  const codes = [attributes.SequenceName, attributes.PulseSequenceName].map(
    code => code?.toLowerCase() ?? '',
  );
  for (const kind of IMAGE_KINDS) {
    const found = kind.names && find(names, kind.names);
    if (found && !kind.unless?.test(found.name.line))
      return message('brain-mr/exclusion/kind', {
        kind: kind.label,
        evidence: evidenceOf(found.name, found.words),
      });
    const type = kind.types?.find(value => types.includes(value));
    if (type) return message('brain-mr/exclusion/image-type', { kind: kind.label, imageType: type });
    if (kind.types?.includes(acquired))
      return message('brain-mr/exclusion/acquisition-contrast', {
        kind: kind.label,
        acquisitionContrast: acquired,
      });
    const code = codes.find(value => kind.codes?.test(value));
    if (code) return message('brain-mr/exclusion/pulse-sequence', { kind: kind.label, pulseSequence: code });
  }
  return null;
}

function ofTheSpine(attributes: SeriesAttributes): Message | null {
  if (isSpinePart(attributes)) {
    const bodyPart = attributes.BodyPartExamined?.trim() ?? '';
    return message('brain-mr/exclusion/body-part', { kind: SPINE.label, bodyPart });
  }
  const protocol = namesOf(attributes).filter(({ of, line }) => of === 'protocol' && !HEAD.test(line));
  const found = find(protocol, SPINE.names!);
  return (
    found &&
    message('brain-mr/exclusion/kind', { kind: SPINE.label, evidence: evidenceOf(found.name, found.words) })
  );
}

export function isSpinePart({ BodyPartExamined = '' }: SeriesAttributes): boolean {
  return SPINE_PARTS.test(BodyPartExamined);
}

/** Whether a name alone says that it is an image whose TR, TE and TI are never those of a contrast. */
export function isNamedAfterAnother(attributes: SeriesAttributes, names: readonly Name[]): boolean {
  const others = names.map(name => ({
    ...name,
    line: OWN_TIMES.reduce((line, pattern) => line.replace(pattern, ''), name.line),
  }));
  return exclusionReason(attributes, others) === null;
}

/** Body part if known and not the head; null otherwise. It is often wrong, so it is no exclusion. */
export function otherBodyPart({ BodyPartExamined = '' }: SeriesAttributes): string | null {
  const part = BodyPartExamined.trim();
  return part === '' || HEAD.test(part) || /unknown|other|whole ?body/i.test(part) ? null : part;
}
