/** Where the data lies: a file, or a department's server. */
export const place = {
  away: 'The department’s server cannot be reached. What you do now is not saved until it is back; what was saved is safe there.',
  noPage:
    'The department’s server cannot be reached. What was saved is safe there, and this page comes once it is back.',
  noStart: {
    title: 'The data cannot be opened',
    lead: 'Nothing was changed, and what was saved is where it was.',
    unreachable:
      'The department’s server cannot be reached. Check this computer’s connection, or ask whoever runs the server; then try again.',
  },
  lead: 'In a file of this workstation, or on a PostgreSQL server of the department, so that several workstations share their studies.',
  now: {
    title: 'Now',
    file: 'In a file of this workstation: {file}',
    server: 'On the department’s server: {address}',
    reachable: 'It can be reached.',
    away: 'It cannot be reached at the moment.',
    fixed: 'The environment of this computer says so (CONCORD_DATABASE); the setting below counts only without it.',
    next: 'From the next start on: {place}',
    nextFile: 'in a file of this workstation',
  },
  server: {
    unreachable:
      'No server answers at this address. Check the computer and the port in it, or ask whoever runs the server.',
    title: 'A department’s server',
    address: 'Address',
    addressHint: "postgres://USER{'@'}HOST/DATABASE, without a password",
    password: 'Password of the database’s user',
    passwordKept: 'One is kept in this computer’s keychain; empty: that one.',
    passwordHint: 'Kept in this computer’s keychain.',
    noKeychain: 'This computer has no keychain: put the password into the file that PGPASSFILE names.',
    files: 'Folder that all workstations share (optional)',
    filesHint: 'For pictures, runs and models. Without it each workstation has only those it imported itself.',
    browse: 'Browse',
    test: 'Test the connection',
    use: 'Use from the next start on',
    here: 'Use the file of this workstation again',
    saved: 'Kept. Close Concord and start it again.',
  },
  found: {
    title: 'PostgreSQL {version} answers in {milliseconds} ms',
    nothing: 'The database is empty; Concord makes its tables at the next start.',
    concord: 'The database is Concord’s, with one study. | The database is Concord’s, with {studies} studies.',
    older:
      'The database is of an earlier version of Concord, with {studies} studies; the next start brings it to this version. Bring the other workstations to this version too.',
    newer: 'The database is of a newer version of Concord. Bring this workstation to that version first.',
    foreign: 'The database belongs to another program. Ask for an empty one of its own.',
    encrypted: 'The connection is encrypted and the server’s certificate holds.',
    open: 'The server is this computer itself; the connection is not encrypted.',
    clock: 'This computer’s clock is {seconds} s away from the server’s. Set it right: votes carry its time.',
  },
  move: 'Studies that lie in this file already are moved with: concord database move ADDRESS --as NAME. Every row is compared; the file is kept.',
  backups: {
    title: 'The data lies on the department’s server',
    text: 'Concord makes no backups of it: whoever runs the server backs it up there (pg_dump, or the server’s own continuous archiving) and puts it back. Ask for at least one backup a day, kept on another machine, and for a rehearsal of putting it back.',
    after:
      'After one was put back: “Verify everything” on the page of the audit trail holds it against the ends of the trail that this workstation noted, and names what is missing.',
  },
}
