import type { Domain } from '../domains/Domain';
import type { RoleId } from '../domains/Role';
import { copiedAttributes } from './copiedAttributes';
import type { Dataset } from './Dataset';
import { lossyCompression } from './lossy';
import { imagesNear } from './nearPlane';
import { provenanceAttributes } from './provenance';
import { chosen, type Derivation } from './record';
import { planeReference, sourceReferences } from './references';
import type { StoredImage } from './storedImage';

/** Its values: i along columns, j along rows, one k per reference instance. */
export interface DerivedSeriesInput extends StoredImage {
  /** Instances of the reference series in the order of k, for patient, study and plane attributes. */
  reference: readonly Dataset[];
  /** Images of each source including the reference, for UIDs and lossy compression. */
  sources: ReadonlyMap<RoleId, readonly Dataset[]>;
  /** Unused in the study. */
  seriesNumber: number;
  derivation: Derivation;
  now: Date;
  /** Of the series, then of each image; new ones by default. */
  uids?: readonly [string, ...string[]];
}

/**
 * The derived series as datasets on the reference's grid, one per image, PixelData OW uint16. Marked by
 * SyntheticData (PS3.3 C.12.1), ImageType, SeriesDescription and everything in provenance.ts.
 * @param domain of the roles; it says what images they are
 * @throws RangeError when the values do not fill the images of the reference
 */
export function derivedSeries(domain: Domain, input: DerivedSeriesInput): Dataset[] {
  return [...derivedImages(domain, input)];
}

/** As `derivedSeries`, one image after another. */
export function* derivedImages(
  domain: Domain,
  { stored, window, reference, sources, seriesNumber, derivation, now, uids }: DerivedSeriesInput,
): Generator<Dataset, void> {
  const plane = stored.length / reference.length;
  if (reference.some(({ Rows, Columns }) => Number(Rows) * Number(Columns) !== plane)) {
    throw new RangeError('The synthesized volume does not lie on the reference series.');
  }
  const [SeriesInstanceUID, ...imageUids] = uids ?? [newUid()];
  const { date, time } = dicomDateTime(now);
  const made = provenanceAttributes(derivation, `${date}${time}`, domain);
  const how = [derivation.method.id.toUpperCase(), ...chosen(derivation)].join(', ');
  const transforms = new Map(derivation.registration?.map(({ role, transform }) => [role, transform]));
  const shown = [...sources].map(([role, images]) => imagesNear(images, transforms.get(role)));
  const lossy = lossyCompression([...sources.values()].flat());
  for (const [k, image] of reference.entries()) {
    yield {
      // The writer encodes UTF-8.
      SpecificCharacterSet: 'ISO_IR 192',
      ...copiedAttributes(reference[0], image),
      ...made,
      ...sourceReferences(shown.flatMap(near => near(image))),
      ...lossy,
      ...planeReference(image),
      ...domain.output,
      SOPInstanceUID: imageUids[k] ?? newUid(),
      SeriesInstanceUID,
      SeriesNumber: seriesNumber,
      InstanceNumber: k + 1,
      SeriesDescription: `SYNTHETIC ${domain.roles[derivation.target]} (${how})`,
      SyntheticData: 'YES',
      ImageType: ['DERIVED', 'SECONDARY', 'OTHER'],
      InstanceCreationDate: date,
      InstanceCreationTime: time,
      SeriesDate: date,
      SeriesTime: time,
      ContentDate: date,
      ContentTime: time,
      ContentQualification: 'RESEARCH',
      BurnedInAnnotation: 'NO',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      ...window,
      PixelData: stored.slice(k * plane, (k + 1) * plane).buffer,
    };
  }
}

/** DA and TM (PS3.5 6.2), local time. */
export function dicomDateTime(now: Date): { date: string; time: string } {
  const two = (n: number) => String(n).padStart(2, '0');
  return {
    date: `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`,
    time: `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`,
  };
}

/** A new DICOM UID: `2.25.` and a random UUID as a decimal number (PS3.5 B.2). At most 44 characters. */
export function newUid(): string {
  return `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;
}
