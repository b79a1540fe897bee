import { isCheck, isSynthetic } from '@modality-synthesis/engine';
import { t, translate } from '../i18n/translate';
import type { ErrorMapViews } from '../session/ErrorMapViews';
import type { Result } from '../session/Results';
import type { Plan } from '../session/ViewerPort';
import { ErrorMapControl } from './ErrorMapControl';

interface OtherSyntheticProps {
  plan: Plan;
  results: readonly Result[];
  errorMaps: ErrorMapViews;
}

/** The study's synthetic series that are no results of this session: the archive may have their map. */
export function OtherSynthetic({ plan, results, errorMaps }: OtherSyntheticProps) {
  const others = plan.rows
    .map(({ series }) => series)
    .filter(({ attributes }) => isSynthetic(attributes) && !isCheck({ ...attributes }))
    .filter(({ SeriesInstanceUID: uid }) => !results.some(result => result.SeriesInstanceUID === uid));
  if (others.length === 0) return null;
  return (
    <div>
      <h3>{t('result/others')}</h3>
      <ul>
        {others.map(({ id, SeriesInstanceUID, description }) => (
          <li key={id} className="ms-result" data-cy="synthesis-other">
            <strong>{translate(description)}</strong>
            <ErrorMapControl
              SeriesInstanceUID={SeriesInstanceUID}
              name={translate(description)}
              views={errorMaps}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
