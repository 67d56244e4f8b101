const ARN =
  /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z0-9-]{3,40}):\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/

/** The one host that speaks for a topic; undefined when this is no ARN of one. */
export function topicHost(arn: string): string | undefined {
  const [, partition, region] = ARN.exec(arn) ?? []
  if (region === undefined) return undefined
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`
}

/** Where a topic's certificates lie: on its own host, by TLS, and nowhere else. */
export function isCertificateUrl(text: string, arn: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return isOfTopic(url, arn) && /^\/[\w.-]+\.pem$/.test(url.pathname) && url.search === ''
}

/** Where the subscription of this very topic is confirmed. */
export function isSubscribeUrl(text: string, arn: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return (
    isOfTopic(url, arn) &&
    url.searchParams.get('Action') === 'ConfirmSubscription' &&
    url.searchParams.get('TopicArn') === arn
  )
}

function isOfTopic(url: URL | undefined, arn: string): url is URL {
  const host = topicHost(arn)
  const hasCredentials = url !== undefined && `${url.username}${url.password}` !== ''
  return host !== undefined && url?.origin === `https://${host}` && !hasCredentials
}
