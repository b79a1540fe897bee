/** A real NVIDIA Triton Inference Server for tests, out of the package nvidia-pytriton, on the processor. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A Python with nvidia-pytriton and onnxruntime. */
const PYTHON = process.env.TRITON_PYTHON ?? 'python3';
const START_TIME = 60_000;

const FIND = `
import importlib.util, json, pathlib, sys, sysconfig
import onnxruntime
packages = pathlib.Path(importlib.util.find_spec("pytriton").origin).parent.parent
print(json.dumps({
  "home": str(packages / "pytriton" / "tritonserver"),
  "libraries": [str(packages / "nvidia_pytriton.libs"), sysconfig.get_config_var("LIBDIR") or ""],
  "version": f"{sys.version_info.major}.{sys.version_info.minor}",
  "programs": str(pathlib.Path(sys.executable).parent),
}))`;

interface Found {
  home: string;
  libraries: string[];
  version: string;
  programs: string;
}

/** Whether there is one here; tests that need it skip without it. */
export function hasTriton(): boolean {
  return find() !== undefined;
}

function find(): Found | undefined {
  const { status, stdout } = spawnSync(PYTHON, ['-c', FIND], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

/**
 * Starts Triton on a model repository.
 * @throws Error with its last lines if it does not get ready
 */
export async function startTriton(repository: string): Promise<{ url: string; close(): Promise<void> }> {
  const found = find();
  if (!found) throw new Error(`${PYTHON} has no nvidia-pytriton with onnxruntime`);
  const { home, libraries, version, programs } = found;
  // The stub that runs Python lies apart from the backend, one for each version.
  const backends = await mkdtemp(path.join(tmpdir(), 'triton-backends-'));
  await cp(path.join(home, 'backends', 'python'), path.join(backends, 'python'), { recursive: true });
  const stub = 'triton_python_backend_stub';
  await symlink(path.join(home, 'python_backend_stubs', version, stub), path.join(backends, 'python', stub));
  const port = await freePort();
  const child = spawn(
    path.join(home, 'bin', 'tritonserver'),
    [
      ...['--model-repository', repository, '--backend-directory', backends],
      ...['--http-address', '127.0.0.1', '--http-port', String(port)],
      ...['--allow-grpc', 'false', '--allow-metrics', 'false'],
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        PATH: `${programs}:${process.env.PATH}`,
        LD_LIBRARY_PATH: [...libraries, process.env.LD_LIBRARY_PATH ?? ''].filter(Boolean).join(':'),
      },
    },
  );
  let said = '';
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4000);
  });
  const close = async () => {
    await ended(child);
    await rm(backends, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + START_TIME; Date.now() < end && child.exitCode === null; ) {
    const response = await fetch(`${url}/v2/health/ready`).catch(() => undefined);
    if (response?.ok) return { url, close };
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  await close();
  throw new Error(`Triton did not get ready: ${said}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise(resolve => child.once('exit', resolve));
  child.kill();
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}
