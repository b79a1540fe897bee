/** An OHIF mode: the basic mode with the panel open, on the route `synthesis`; OHIF calls it. */
declare const mode: { id: string } & Readonly<Record<string, unknown>>;
export default mode;
