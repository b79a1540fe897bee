import { list, type RoleId, rivalryMessage, roleLabel } from '@modality-synthesis/engine';
import { t, translate, translateBundleText } from '../i18n/translate';
import type { Plan } from '../session/ViewerPort';
import { SourcePicture } from './SourcePicture';
import type { PanelService } from './types';

interface PlanSummaryProps {
  plan: Plan;
  targets: readonly RoleId[];
  /** What must be known of a target, an English sentence of the bundle. */
  cautions: ReadonlyMap<RoleId, string>;
  service: Pick<PanelService, 'picture'>;
}

/** What will be made from what, a line a target, and the middle slice of each source. */
export function PlanSummary({ plan, targets, cautions, service }: PlanSummaryProps) {
  const { sources, missing, domain, rivalries } = plan;
  if (sources.size === 0) return <p>{t('job/no-source', { unrecognized: domain.words.unrecognized })}</p>;
  const from = list([...sources.keys()].map(roleLabel), ', ');
  return (
    <div data-cy="synthesis-plan">
      {missing.length === 0 && <NothingMissing rivalries={rivalries} />}
      {missing.length > 0 && targets.length === 0 && <p>{t('job/no-target')}</p>}
      {targets.map(target => (
        <p key={target}>
          <strong>{t('panel/made-from', { target: roleLabel(target), sources: from })}</strong>
          {cautions.has(target) && (
            <span className="ms-warning" data-cy={`synthesis-caution-${target}`}>
              {' '}
              {translateBundleText(cautions.get(target) ?? '')}
            </span>
          )}
        </p>
      ))}
      <div className="ms-pictures">
        {[...sources].map(([role, series]) => (
          <SourcePicture key={`${role} ${series.id}`} role={role} series={series} service={service} />
        ))}
      </div>
    </div>
  );
}

/** All was acquired, unless a person says that a series is another one. */
function NothingMissing({ rivalries }: Pick<Plan, 'rivalries'>) {
  return (
    <>
      <p>{t('panel/nothing-missing')}</p>
      {rivalries.map(({ role, missing, series }) => {
        const descriptions = series.map(({ description }) => description);
        return (
          <p key={role} data-cy={`synthesis-maybe-${role}`}>
            {translate(rivalryMessage(role, missing, descriptions))}
          </p>
        );
      })}
    </>
  );
}
