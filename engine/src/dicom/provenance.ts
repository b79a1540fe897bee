import type { Domain } from '../domains/Domain';
import type { Dataset } from './Dataset';
import { type BundleName, chosen, counts, type Derivation, recordText } from './record';
import { SYNTHESIZING_EQUIPMENT } from './seriesAttributes';

export const MANUFACTURER = 'ohif-modality-synthesis';

/**
 * Private coding scheme: CID 7203 has no code for an image predicted by a network. Private designators begin
 * with 99 (PS3.3 Table 8.1-1, PS3.16 8).
 */
export const OWN_SCHEME = '99MODSYNTH';

/** A code sequence of one item (PS3.3 8.8). */
export function code(CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): Dataset[] {
  return [{ CodeValue, CodingSchemeDesignator, CodeMeaning }];
}

/**
 * Equipment and algorithm: General Image (PS3.3 C.7.6.1), SOP Common (C.12.1) and the Algorithm
 * Identification Macro (10.16). MR Image does not invoke that macro, so Derivation Algorithm Sequence
 * (0022,1612) is added as a Type 3 attribute of a Standard Extended SOP Class (PS3.2).
 * @param made ContributionDateTime, DICOM DT
 */
export function provenanceAttributes(derivation: Derivation, made: string, domain: Domain): Dataset {
  const { bundle, softwareVersion } = derivation;
  const { roles } = domain;
  return {
    Manufacturer: MANUFACTURER,
    ManufacturerModelName: bundle.name,
    SoftwareVersions: softwareVersion,
    DerivationDescription: text(derivation, domain),
    DerivationCodeSequence: code('SYNTHESIS', OWN_SCHEME, 'Synthesis of a contrast that was not acquired'),
    CodingSchemeIdentificationSequence: [
      {
        CodingSchemeDesignator: OWN_SCHEME,
        CodingSchemeName: 'Codes of ohif-modality-synthesis',
        CodingSchemeResponsibleOrganization: MANUFACTURER,
      },
    ],
    ContributingEquipmentSequence: [
      {
        Manufacturer: MANUFACTURER,
        ManufacturerModelName: bundle.name,
        SoftwareVersions: softwareVersion,
        ContributionDateTime: made,
        ContributionDescription: `Predicted ${roles[derivation.target]} from other contrasts; nothing was acquired.`,
        PurposeOfReferenceCodeSequence: [SYNTHESIZING_EQUIPMENT],
      },
    ],
    ...recordAttributes(derivation),
  };
}

/** The attribute that holds the record. */
export function recordAttributes(derivation: Derivation): Dataset {
  const { bundle } = derivation;
  return {
    DerivationAlgorithmSequence: [
      {
        AlgorithmFamilyCodeSequence: code('123110', 'DCM', 'Artificial Intelligence'),
        AlgorithmName: bundle.id,
        AlgorithmVersion: bundle.version,
        AlgorithmParameters: recordText(derivation),
        AlgorithmSource: MANUFACTURER,
      },
    ],
  };
}

/** DerivationDescription: algorithm and sources; at most 1024 characters (ST). */
function text(made: Derivation, { roles, region }: Domain): string {
  const { target, sources, bundle, method, seed, caution } = made;
  const from = sources.map(s => roles[s.role]).join(', ');
  return (
    `Synthetic ${roles[target]}, predicted, not measured: ${method.id.toUpperCase()}, ${named(bundle)}, ` +
    `from ${from}; ${[...chosen(made), ...counts(made), `seed ${seed}`].join(', ')}; ` +
    `${region.id} found by ${named(made.region)}${caution ? `; ${caution}` : ''}`
  );
}

/** Id, version and the beginning of the hash. */
function named({ id, version, sha256 }: BundleName): string {
  return `${id} ${version} (sha256 ${sha256.slice(0, 12)})`;
}
