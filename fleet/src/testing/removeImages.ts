/** Removes some images of a series from an Orthanc, by its own interface. */
export async function removeImages(orthanc: string, SeriesInstanceUID: string, count: number): Promise<void> {
  const body = JSON.stringify({ Level: 'Instance', Query: { SeriesInstanceUID }, Limit: count });
  const found = await fetch(`${orthanc}/tools/find`, { method: 'POST', body });
  for (const id of (await found.json()) as string[])
    await fetch(`${orthanc}/instances/${id}`, { method: 'DELETE' });
}
