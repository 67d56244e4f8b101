import allow from '../rules/lists/allow.yaml'
import block from '../rules/lists/block.yaml'
import hosting from '../rules/lists/networks/hosting.txt'
import tor from '../rules/lists/networks/tor.txt'
import vpn from '../rules/lists/networks/vpn.txt'
import policy from '../rules/policy.yaml'
import usd from '../rules/prices/usd.yaml'
import routes from '../rules/routes.yaml'

/** The rules folder as it was when the Worker was deployed. A file that is added to the folder is added here. */
export const WORKER_RULES: ReadonlyMap<string, string> = new Map([
  ['policy.yaml', policy],
  ['routes.yaml', routes],
  ['prices/usd.yaml', usd],
  ['lists/allow.yaml', allow],
  ['lists/block.yaml', block],
  ['lists/networks/hosting.txt', hosting],
  ['lists/networks/vpn.txt', vpn],
  ['lists/networks/tor.txt', tor],
])
