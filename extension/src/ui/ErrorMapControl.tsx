import { decimal } from '@modality-synthesis/engine';
import { useId, useSyncExternalStore } from 'react';
import { t, translate } from '../i18n/translate';
import { DISPLAYS, type Display, type Drawing, type ErrorMapViews } from '../session/ErrorMapViews';
import { digitsOf, UPPER_ENDS } from '../session/errorScale';
import { Choice } from './Choice';

interface ErrorMapControlProps {
  SeriesInstanceUID: string;
  /** Name of the series, for the labels of the controls. */
  name: string;
  views: ErrorMapViews;
}

/** How the expected error of a synthetic series is shown over it: off, contour or overlay. */
export function ErrorMapControl({ SeriesInstanceUID, name, views }: ErrorMapControlProps) {
  const { display, map, drawing, failure } = useSyncExternalStore(views.subscribe, () =>
    views.of(SeriesInstanceUID),
  );
  const making = display !== 'off' && !map;
  const help = useId();
  const labels: Record<Display, string> = {
    off: t('error-map/off'),
    contour: t('error-map/contour'),
    overlay: t('error-map/overlay'),
  };
  return (
    <fieldset className="ms-error-map" data-cy="error-map-control" aria-busy={making}>
      <legend className="ms-hidden">{t('error-map/control', { result: name })}</legend>
      <span aria-hidden="true">{t('error-map/heading')}</span>
      <div className="ms-segments">
        {DISPLAYS.map(one => (
          <label key={one}>
            <input
              type="radio"
              name={`error-map-${SeriesInstanceUID}`}
              data-cy={`error-map-${one}`}
              checked={display === one}
              aria-describedby={help}
              onChange={() => void views.show(SeriesInstanceUID, one)}
            />
            <span>{labels[one]}</span>
          </label>
        ))}
      </div>
      {making && (
        <span className="ms-faint" role="status">
          {t('error-map/making')}
        </span>
      )}
      {failure && (
        <span className="ms-message" data-kind="failed" role="alert">
          {translate(failure)}
        </span>
      )}
      {map && (
        <Settings
          display={display}
          drawing={drawing}
          name={name}
          onChange={change => views.draw(SeriesInstanceUID, change)}
        />
      )}
      <span id={help} className={display === 'off' ? 'ms-hidden' : 'ms-faint'}>
        {t('error-map/help')}
      </span>
    </fieldset>
  );
}

interface SettingsProps {
  display: Display;
  drawing: Drawing;
  name: string;
  onChange: (change: Partial<Drawing>) => void;
}

/** Threshold; of the overlay also the end of its colour scale and its opacity. */
function Settings({ display, drawing, name, onChange }: SettingsProps) {
  const { threshold, upper, opacity } = drawing;
  const percent = (value: number, digits = 0) => t('error-map/percent', { value: decimal(value, digits) });
  return (
    <>
      <Slider
        id="threshold"
        label={t('error-map/threshold')}
        name={name}
        value={threshold}
        max={upper}
        step={upper / 50}
        text={percent(threshold, digitsOf(upper))}
        onChange={threshold => onChange({ threshold })}
      />
      {display === 'overlay' && (
        <>
          <Slider
            id="opacity"
            label={t('error-map/opacity')}
            name={name}
            value={opacity}
            max={1}
            step={0.05}
            text={percent(100 * opacity)}
            onChange={opacity => onChange({ opacity })}
          />
          <div className="ms-row">
            <span>{t('error-map/upper')}</span>
            <Choice
              label={t('error-map/of-result', { setting: t('error-map/upper'), result: name })}
              name="error-map-upper"
              value={String(upper)}
              options={UPPER_ENDS.map(end => ({ value: String(end), label: percent(end) }))}
              disabled={false}
              onChoose={value => onChange({ upper: Number(value) })}
            />
          </div>
        </>
      )}
    </>
  );
}

interface SliderProps {
  id: string;
  label: string;
  /** Name of the series. */
  name: string;
  value: number;
  max: number;
  step: number;
  /** The value with its unit. */
  text: string;
  onChange: (value: number) => void;
}

function Slider({ id, label, name, value, max, step, text, onChange }: SliderProps) {
  return (
    <label className="ms-row">
      <span>{label}</span>
      <span className="ms-slider">
        <input
          type="range"
          data-cy={`error-map-${id}`}
          aria-label={t('error-map/of-result', { setting: label, result: name })}
          aria-valuetext={text}
          min={0}
          max={max}
          step={step}
          value={value}
          onChange={({ target }) => onChange(target.valueAsNumber)}
        />
        <output>{text}</output>
      </span>
    </label>
  );
}
