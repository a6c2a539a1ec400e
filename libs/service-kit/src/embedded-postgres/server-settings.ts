export type ServerSettings = Record<string, string | number>;

/** Command-line settings of every start, so that a newer Tearoff can change them for data that exists. */
export function serverSettings(port: number, changes: ServerSettings = {}): string[] {
  const settings: ServerSettings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: 150,
    shared_buffers: '128MB',
    // Nothing acknowledged may be lost, not even with the power.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // A million codes are some 400 MB of log: no checkpoint in the middle of an import.
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    log_checkpoints: 'off',
    log_min_messages: 'warning',
    // Without the DETAIL of errors, which quotes keys: "Key (account_id, phone)=(…, +44…)".
    log_error_verbosity: 'terse',
    // Short statements only: compiling them or starting workers for them costs more than it brings, and a
    // container's 64 MB of /dev/shm is soon full with parallel workers.
    jit: 'off',
    max_parallel_workers_per_gather: 0,
    // No I/O workers beside a server that usually shares a small machine with everything else.
    io_method: 'sync',
    random_page_cost: 1.1,
    ...changes,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
