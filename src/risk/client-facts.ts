import { isbot } from 'isbot'
import UAParser from 'ua-parser-js'
import { remembered, rememberedBy } from './remembered.ts'
import type { ClientFacts, ClientInput } from './signals.ts'

/** Longer ones are nobody's; what follows would only cost time. */
const AGENT_MAX = 1024
const AGENTS_REMEMBERED = 4096
const CLIENTS_REMEMBERED = 4096
const CLIENT_TEXT_MAX = 1024

/** HTTP stacks that ordinary apps ship with. They come first: isbot calls some of them bots. */
const APP_STACKS = /^(?:axios|Dalvik|Dart)\/|^ktor-client\b|\b(?:okhttp|CFNetwork|Alamofire)\//i
/** Libraries and drivers that people do not log in with; isbot knows many more. */
const LIBRARIES =
  /^(?:python-requests|python-urllib|python|aiohttp|httpx|go-http-client|curl|wget|libwww-perl|lwp|scrapy|node-fetch|node|undici|got|superagent|axios-node|java|apache-httpclient|ruby|guzzlehttp|php|postmanruntime|insomnia|httpie|restsharp|faraday|colly|reqwest|winhttp)\b|headlesschrome|phantomjs|puppeteer|playwright|selenium|electron\/.*headless/i

type AgentFacts = Pick<
  ClientFacts,
  'browser' | 'browserMajor' | 'os' | 'automated' | 'appStack'
> & {
  readonly device: 'phone' | 'tablet' | 'desktop' | undefined
}

/** Reads what a client says of itself. Keeps the clients and user agents it saw last: make one and share it. */
export function openClientReader(): (client: ClientInput) => ClientFacts {
  const readAgent = remembered(AGENTS_REMEMBERED, agentFacts)
  const readHeaders = rememberedBy(CLIENTS_REMEMBERED, {
    keyOf: headersKey,
    work: (client: ClientInput) => headerFacts(client, readAgent),
  })
  return (client) => {
    const facts = readHeaders(client)
    const { ja4 } = client
    return ja4 === undefined || ja4 === '' ? facts : { ...facts, signature: ja4.toLowerCase() }
  }
}

/** Tells any two sets of headers apart: where each begins is part of it. Missing and empty ones come to the same. */
function headersKey(client: ClientInput): string | undefined {
  const { userAgent = '', acceptLanguage = '', clientHints } = client
  const { mobile = '', platform = '' } = clientHints ?? {}
  const key = `${userAgent.length} ${acceptLanguage.length} ${mobile.length} ${userAgent}${acceptLanguage}${mobile}${platform}`
  return key.length > CLIENT_TEXT_MAX ? undefined : key
}

function headerFacts(client: ClientInput, readAgent: (agent: string) => AgentFacts): ClientFacts {
  const agent = readAgent(client.userAgent?.slice(0, AGENT_MAX).trim() ?? '')
  const hints = readHints(client.clientHints)
  return {
    browser: agent.browser,
    browserMajor: agent.browserMajor,
    os: agent.os,
    mobile: agent.device === undefined ? hints.mobile : agent.device !== 'desktop',
    automated: agent.automated,
    appStack: agent.appStack,
    hintsMismatch: contradicts(agent, hints),
    language: primaryLanguage(client.acceptLanguage),
    signature: signatureOf(client),
  }
}

function agentFacts(agent: string): AgentFacts {
  const parser = new UAParser(agent)
  const parsed: ParsedAgent = {
    browser: parser.getBrowser(),
    os: parser.getOS(),
    device: parser.getDevice(),
  }
  const appStack = APP_STACKS.test(agent)
  const major = Number.parseInt(parsed.browser.version ?? '', 10)
  return {
    browser: parsed.browser.name,
    browserMajor: Number.isNaN(major) ? undefined : major,
    os: parsed.os.name,
    automated: agent !== '' && !appStack && (LIBRARIES.test(agent) || isbot(agent)),
    appStack,
    device: deviceOf(parsed),
  }
}

type ParsedAgent = Pick<UAParser.IResult, 'browser' | 'os' | 'device'>

function deviceOf(parsed: ParsedAgent): AgentFacts['device'] {
  if (parsed.device.type === 'mobile') return 'phone'
  if (parsed.device.type === 'tablet') return 'tablet'
  const system = systemOf(parsed.os.name)
  if (system === 'android' || system === 'ios') return 'phone'
  return parsed.browser.name !== undefined && system !== undefined ? 'desktop' : undefined
}

type Hints = { readonly system: string | undefined; readonly mobile: boolean | undefined }

function readHints(hints: ClientInput['clientHints']): Hints {
  return {
    system: systemOf(hints?.platform?.replaceAll('"', '').trim()),
    mobile: BOOLEANS.get(hints?.mobile?.trim() ?? ''),
  }
}

/** As structured headers write them. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['?1', true],
  ['?0', false],
])

/** Client hints and user agents name the same systems differently. */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/^windows/i, 'windows'],
  [/^(?:mac ?os|macos)/i, 'macos'],
  [/^ios$/i, 'ios'],
  [/^android/i, 'android'],
  [/^(?:chrome|chromium) ?os$/i, 'chromeos'],
  [/^(?:linux|ubuntu|debian|fedora|gnu|arch|mint|suse|redhat|centos)/i, 'linux'],
]

const systemOf = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : SYSTEMS.find(([pattern]) => pattern.test(name))?.[1]

/** Tablets are left out of the second half: browsers disagree on whether they are mobile. */
function contradicts(agent: AgentFacts, hints: Hints): boolean {
  const system = systemOf(agent.os)
  if (hints.system !== undefined && system !== undefined && hints.system !== system) return true
  if (hints.mobile === undefined || agent.device === undefined) return false
  return hints.mobile ? agent.device === 'desktop' : agent.device === 'phone'
}

/** `zh-Hans-CN;q=0.9, en` -> `zh`. */
const primaryLanguage = (header: string | undefined): string | undefined =>
  /^\s*([a-z]{2,3})(?:[-_;,\s]|$)/i.exec(header ?? '')?.[1]?.toLowerCase()

/** A digest of what the client sent; undefined when it sent nothing. */
function signatureOf(client: ClientInput): string | undefined {
  const { mobile, platform } = client.clientHints ?? {}
  const said = [client.userAgent, client.acceptLanguage, mobile, platform]
  return said.some((part) => part !== undefined && part !== '')
    ? digest64(said.map((part) => part ?? '').join('\n'))
    : undefined
}

/** Two FNV-1a hashes of 32 bits side by side. A name for counting, never a secret. */
function digest64(text: string): string {
  let first = 0x811c9dc5
  let second = 0x01000193
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    first = Math.imul(first ^ code, 0x01000193)
    second = Math.imul(second ^ code, 0x85ebca6b)
  }
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
  return hex(first) + hex(second)
}
