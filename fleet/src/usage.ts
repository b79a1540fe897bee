/** What --help prints. */
export const USAGE = `Usage: fleet COMMAND [options]

Completes many studies of a PACS: a queue on Redis, and as many workers as there are machines.
The results are predicted, not measured; for research only.

  submit --pacs URL --targets LIST [--query QUERY] [--priority N] [options of synthesize]
      Adds each study that QUERY finds (QIDO-RS, 'ModalitiesInStudy=MR&StudyDate=20240101-'). URL is the DICOMweb
      root, such as http://localhost:8042/dicom-web. LIST and the other options are those of the command line
      for one study: --sources, --reference, --seed, --precision, --accept-warnings, --bundle, --brain-bundle and
      the method's. --priority: 1 is done first (default: 1000). Submitted again, a study is not added twice; one
      that failed is tried again.
  work [--out DIR] [--no-store] [--bundle DIR] [--brain-bundle DIR] [--provider cpu|webgpu] [--take-over S]
       [--server URL --send-images]
      Completes studies until it is ended (Ctrl-C finishes the one at hand, a second one drops it). Results are
      stored in the PACS, and written to DIR/<StudyInstanceUID>/<target>. A study whose worker is silent for S
      seconds is taken over by another (default: 60). --server, --send-images: as of synthesize.
  status [--json]          how many studies are where, and how fast it goes
  report [--json]          every study: made, present (made before), refused or failed, with the code; CSV by default
  metrics [--port N]       serves the counts for Prometheus (default: 9464)
  pause, resume            no worker begins another study; they do again
  limit --studies-a-minute N
                           all workers together begin at most so many, to spare the PACS; 0: no limit

Every command: --redis URL (default: FLEET_REDIS, or redis://127.0.0.1:6379) and --queue NAME.
FLEET_PACS_AUTHORIZATION: value of the Authorization header, of submit and work, where the PACS asks for one.`;
