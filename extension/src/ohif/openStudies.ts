/** StudyInstanceUIDs the viewer's address names; empty in the study list. */
export function openStudies(search: string): string[] {
  return [...new URLSearchParams(search)]
    .filter(([key]) => key.toLowerCase() === 'studyinstanceuids')
    .flatMap(([, value]) => value.split(',').filter(Boolean));
}
