/** CSS of the panel, since OHIF's compiled Tailwind has only OHIF's own classes. Colours follow its theme. */
const styles = `
.ms-panel { display: flex; flex-direction: column; gap: 12px; padding: 10px; font-size: 13px; line-height: 1.35;
  color: hsl(var(--foreground, 210 40% 98%)); height: 100%; overflow-y: auto; scroll-padding: 80px 0; }
.ms-panel > * { flex: none; }
.ms-panel p { margin: 0; }
.ms-job { position: sticky; top: -10px; bottom: -10px; z-index: 1; padding: 8px 0;
  background: hsl(var(--background, 236 62% 5%)); }
.ms-job p { margin: 4px 0; }
.ms-panel .ms-run { color: #000; background: hsl(var(--primary, 214 98% 60%)); font-weight: 600; }
.ms-duration { text-align: center; }
.ms-pictures { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px; }
.ms-pictures figure { margin: 0; width: 76px; }
.ms-pictures :is(img, .ms-no-picture) { display: block; width: 76px; height: 76px; border-radius: 4px; background: #000; }
.ms-pictures figcaption { font-size: 12px; text-align: center; overflow-wrap: anywhere; }
.ms-panel .ms-fold h3 { margin: 0; }
.ms-unfolded { display: flex; flex-direction: column; gap: 10px; padding: 6px 2px 8px; font-size: 13px; }
.ms-reference { margin-top: 8px; }
.ms-panel h3 { font-size: 13px; font-weight: 600; margin: 0 0 6px; }
.ms-panel ul { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 8px; }
.ms-row { display: flex; gap: 8px; align-items: baseline; justify-content: space-between; }
.ms-row > :first-child { min-width: 0; overflow-wrap: anywhere; }
.ms-buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.ms-faint { color: hsl(var(--muted-foreground, 215 20% 70%)); font-size: 12px; }
.ms-panel .ms-choice { flex: none; width: 124px; font-size: 13px; }
.ms-panel .ms-model .ms-choice { width: 100%; }
.ms-panel .ms-number { display: inline-block; width: 72px; }
.ms-control { margin: 6px 0 0 22px; }
.ms-control .ms-row { align-items: center; }
.ms-value { flex: none; }
.ms-range { width: 100%; accent-color: hsl(var(--primary, 214 98% 60%)); }
.ms-targets { border: 0; padding: 0; margin: 0; }
.ms-panel :is(button, input):focus-visible { outline: 2px solid hsl(var(--ring, 214 98% 60%)); outline-offset: 2px; }
.ms-message { border-left: 3px solid hsl(var(--input, 215 20% 50%)); padding: 2px 8px; }
.ms-message[data-kind=failed] { border-color: #ff5c5c; }
.ms-message[data-kind=cancelled] { border-color: #ffb84d; }
.ms-warning { color: #ffd479; font-weight: 600; }
.ms-result { border: 1px solid #ffd479; border-radius: 4px; padding: 8px; display: flex; flex-direction: column; gap: 6px; }
.ms-panel .ms-check { display: flex; gap: 8px; font-size: 12px; overflow-wrap: anywhere; }
.ms-sign { flex: none; width: 18px; height: 18px; border-radius: 50%; text-align: center; line-height: 18px; font-weight: 700;
  color: #000; background: #7ddc8a; }
.ms-check[data-level=amber] .ms-sign { background: #ffd479; border-radius: 3px; }
.ms-check[data-level=red] .ms-sign { background: #ff8080; border-radius: 0; }
.ms-message[data-kind=waiting] { border-color: #ffd479; }
.ms-self-check { display: flex; flex-direction: column; gap: 6px; }
.ms-self-check table { font-size: 12px; border-collapse: collapse; width: 100%; }
.ms-self-check caption { text-align: left; padding-bottom: 4px; }
.ms-self-check :is(th, td) { text-align: left; vertical-align: top; padding: 2px 6px 2px 0; font-weight: 400; }
.ms-self-check th[scope=rowgroup] { font-weight: 600; padding-top: 6px; }
.ms-error-map { border: 0; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 6px; min-width: 0; }
.ms-error-map .ms-row { align-items: center; }
.ms-panel button[aria-pressed=true] { background: hsl(var(--primary, 214 98% 60%)); color: #000; font-weight: 600; }
.ms-segments { display: flex; }
.ms-segments label { position: relative; flex: 1; text-align: center; }
.ms-segments input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.ms-segments span { display: block; padding: 3px 8px; border: 1px solid hsl(var(--input, 215 20% 40%));
  margin-left: -1px; background: hsl(var(--muted, 217 33% 17%)); }
.ms-segments :checked + span { background: hsl(var(--primary, 214 98% 60%)); color: #000; font-weight: 600; }
.ms-segments :focus-visible + span { outline: 2px solid hsl(var(--ring, 214 98% 60%)); outline-offset: 2px; z-index: 1; position: relative; }
.ms-slider { display: flex; gap: 8px; align-items: center; flex: none; }
.ms-error-map select { color: #fff; background: #090c29; }
.ms-slider input { width: 110px; accent-color: hsl(var(--primary, 214 98% 60%)); }
.ms-slider output { width: 44px; text-align: right; }
.ms-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.ms-card { font-size: 12px; }
.ms-card dt { font-weight: 600; margin-top: 4px; }
.ms-card dd { margin: 0; overflow-wrap: anywhere; user-select: text; }
.ms-card h4 { font-weight: 600; margin: 6px 0 2px; }
.ms-card ul { list-style: disc; padding-left: 16px; gap: 2px; }
`;

/**
 * Gives the page the styles, without an element: a strict Content-Security-Policy forbids inline ones.
 * @returns what takes them back
 */
export function adoptStyles(): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(other => other !== sheet);
  };
}
