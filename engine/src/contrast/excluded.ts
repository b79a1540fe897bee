import { type Message, message } from '../messages';
import { KINDS, SPINE } from './kinds';
import { find, type Name, namesOf, says } from './names';
import type { SeriesAttributes } from './SeriesAttributes';
import { isSynthetic } from './synthetic';

/** PS3.4 B.5: the Secondary Capture storage classes begin so. */
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
/** Words for the head in a protocol name, and values of BodyPartExamined (PS3.16 annex L) with a brain in the picture. */
const HEAD =
  /brain|head|skull|neuro|crani|cerebr|enceph|encef|kopf|schadel|orbit|optic|pituit|sella|\b(?:face|iac|ear)\b/i;
const SPINE_PARTS = /spine|^neck$|cervical|lumb|sacr|vertebr/i;

/**
 * Why a series must not be a source whatever the person says, in words, or null. `DERIVED\SECONDARY` alone is no reason.
 * @param names those that tell; the protocol's is asked for the spine in any case
 */
export function exclusion(attributes: SeriesAttributes, names: readonly Name[]): Message | null {
  const { Modality, SOPClassUID, ScanningSequence = [], ScanOptions = [] } = attributes;
  if (Modality !== undefined && Modality !== 'MR')
    return message('exclusion/modality', { modality: Modality });
  if (isSynthetic(attributes)) {
    return message('exclusion/synthetic');
  }
  if (SOPClassUID?.startsWith(SECONDARY_CAPTURE)) return message('exclusion/secondary-capture');
  const kind = excludedKind(attributes, names);
  if (kind) return kind;
  if (ScanningSequence.some(value => value.trim().toUpperCase() === 'EP')) {
    return message('exclusion/echo-planar');
  }
  // GE writes it where ScanningSequence says RM.
  if (ScanOptions.includes('EPI_GEMS')) {
    return message('exclusion/echo-planar-ge');
  }
  return ofTheSpine(attributes);
}

function excludedKind(attributes: SeriesAttributes, names: readonly Name[]): Message | null {
  const types = imageTypes(attributes);
  const acquired = attributes.AcquisitionContrast?.trim().toUpperCase() ?? '';
  const codes = [attributes.SequenceName, attributes.PulseSequenceName].map(
    code => code?.toLowerCase() ?? '',
  );
  for (const kind of KINDS) {
    const found = kind.names && find(names, kind.names);
    if (found) return message('exclusion/kind', { kind: kind.is, evidence: says(found.name, found.words) });
    const type = kind.types?.find(value => types.includes(value));
    if (type) return message('exclusion/image-type', { kind: kind.is, imageType: type });
    if (kind.types?.includes(acquired))
      return message('exclusion/acquisition-contrast', { kind: kind.is, acquisitionContrast: acquired });
    const code = codes.find(value => kind.codes?.test(value));
    if (code) return message('exclusion/pulse-sequence', { kind: kind.is, pulseSequence: code });
  }
  return null;
}

function ofTheSpine(attributes: SeriesAttributes): Message | null {
  const part = attributes.BodyPartExamined?.trim() ?? '';
  if (SPINE_PARTS.test(part)) return message('exclusion/body-part', { kind: SPINE.is, bodyPart: part });
  const protocol = namesOf(attributes).filter(({ of, line }) => of === 'protocol' && !HEAD.test(line));
  const found = find(protocol, SPINE.names!);
  return found && message('exclusion/kind', { kind: SPINE.is, evidence: says(found.name, found.words) });
}

/** The part of the body a series shows, where that is neither the head nor unsaid. Often mistyped: no refusal. */
export function otherBodyPart({ BodyPartExamined = '' }: SeriesAttributes): string | null {
  const part = BodyPartExamined.trim();
  return part === '' || HEAD.test(part) || /unknown|other|whole ?body/i.test(part) ? null : part;
}

/** Values of ImageType, PS3.3 C.8.3.1.1.1, in upper case. */
export function imageTypes({ ImageType = [] }: SeriesAttributes): string[] {
  return ImageType.map(value => value.trim().toUpperCase());
}
