/**
 * StudyInstanceUIDs in the query of the viewer's address; empty in the study list. The data source
 * dicomwebproxy separates them by semicolons.
 */
export function openStudies(search: string): string[] {
  return [...new URLSearchParams(search)]
    .filter(([key]) => key.toLowerCase() === 'studyinstanceuids')
    .flatMap(([, value]) => value.split(/[,;]/).filter(Boolean));
}

/** The browser asks before it closes or reloads the page while `hasUnsaved` is true. */
export function askBeforeClosing(hasUnsaved: () => boolean): void {
  window.addEventListener('beforeunload', event => {
    if (hasUnsaved()) event.preventDefault();
  });
}
