import { type Detail, decimal, domainOf, figureSummary, roleLabel } from '@modality-synthesis/engine';
import { message } from '../i18n/message';
import type { ReportedResult } from './ViewerPort';

/** How a result was made, as in its DICOM files: term and value. */
export function recordLines({
  derivation,
  details,
}: Pick<ReportedResult, 'derivation' | 'details'>): Detail[] {
  const { sources, bundle, region, reference, server, slices } = derivation;
  return [
    ...sources.map(
      ({ role, images, SeriesInstanceUID }): Detail => [
        role === reference
          ? message('result/reference-source', { source: roleLabel(role) })
          : message('result/source', { source: roleLabel(role) }),
        message('result/source-series', { count: images, series: SeriesInstanceUID }),
      ],
    ),
    ...(slices ? [[message('result/slices'), message('result/slices-value', slices)] satisfies Detail] : []),
    ...(derivation.registration ?? []).map(({ role, millimetres, degrees, transform }): Detail => {
      const motion = { millimetres: decimal(millimetres, 1), degrees: decimal(degrees, 1) };
      return [
        message('result/alignment', { source: roleLabel(role) }),
        transform ? message('result/corrected', motion) : message('result/uncorrected', motion),
      ];
    }),
    [message('result/model'), `${bundle.id} ${bundle.version}, SHA-256 ${bundle.sha256}`],
    [
      message('result/region-model', { region: domainOf(derivation.domain).words.region }),
      `${region.id} ${region.version}, SHA-256 ${region.sha256}`,
    ],
    ...(derivation.check ?? []).map(
      (source): Detail => [
        message('self-check/recorded', { role: roleLabel(source.role) }),
        figureSummary(source),
      ],
    ),
    ...details,
    [message('result/computed-by'), `${derivation.runtime}, ${derivation.provider}, ${derivation.precision}`],
    ...(server
      ? [
          [
            message('result/server'),
            message('result/server-model', { ...server, host: new URL(server.url).host }),
          ] satisfies Detail,
        ]
      : []),
    [message('result/software'), derivation.softwareVersion],
  ];
}
