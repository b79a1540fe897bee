import { type RoleId, roleLabel } from '@modality-synthesis/engine';
import { useEffect, useState } from 'react';
import { t, translate } from '../i18n/translate';
import type { StudySeries } from '../session/ViewerPort';
import type { PanelService } from './types';

interface SourcePictureProps {
  role: RoleId;
  series: StudySeries;
  service: Pick<PanelService, 'picture'>;
}

/**
 * The middle slice of a source, so that a person sees at a glance what was taken for what. One component
 * stands for one series: its key names it.
 */
export function SourcePicture({ role, series, service }: SourcePictureProps) {
  // Every plan describes the same series by another object.
  const [drawn] = useState(series);
  const [source, setSource] = useState<string>();
  useEffect(() => {
    let shown = true;
    // The picture of a series that cannot be read stays empty; the preflight or the job says why.
    service.picture(drawn).then(
      picture => shown && setSource(picture),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, [drawn, service]);
  const label = t('panel/picture', { series: series.description, role: roleLabel(role) });
  return (
    <figure data-cy={`synthesis-picture-${role}`}>
      {source ? <img src={source} alt={label} title={label} /> : <div className="ms-no-picture" />}
      <figcaption>{translate(roleLabel(role))}</figcaption>
    </figure>
  );
}
