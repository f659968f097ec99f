/** What a user of Redis needs for the lines, and nothing else: commands of the gateway and of its scripts. */
export const RIGHTS = [
  // scripts, which are sent again where a server has lost them
  ...['eval', 'evalsha', 'script|load'],
  ...['mget', 'get', 'set', 'append', 'del', 'pttl', 'pexpire'],
  // caps on what a range earns in a day
  ...['hmget', 'hset'],
  // lines that are rebuilt are emptied before
  ...['scan', 'unlink'],
  // whether it answers, has loaded its data, and does not forget lines when it is full
  ...['ping', 'info', 'config|get'],
  // where the slots of a cluster are, and whether all are served; another database than 0
  ...['cluster|slots', 'cluster|info', 'client|setname', 'select'],
] as const
export type Right = (typeof RIGHTS)[number]

/** The command that makes a user of its own for the gateways. @param password `>clear` or `#sha256`, as ACL takes it */
export const aclCommand = (user: string, password: string, prefix = 'tollgate:'): string[] => [
  ...['ACL', 'SETUSER', user, 'on', password, `~${prefix}*`, 'resetchannels', '-@all'],
  ...RIGHTS.map((right) => `+${right}`),
]
