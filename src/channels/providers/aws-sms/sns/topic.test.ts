import { expect, test } from 'vitest'
import { isCertificateUrl, isSubscribeUrl, topicHost } from './topic.ts'

const ARN = 'arn:aws:sns:eu-west-1:123456789012:sms-events'
const HOST = 'https://sns.eu-west-1.amazonaws.com'

test('a topic has one host', () => {
  expect(topicHost(ARN)).toBe('sns.eu-west-1.amazonaws.com')
  expect(topicHost('arn:aws-cn:sns:cn-north-1:123456789012:t.fifo')).toBe(
    'sns.cn-north-1.amazonaws.com.cn',
  )
  expect(topicHost('arn:aws-us-gov:sns:us-gov-west-1:123456789012:t')).toBe(
    'sns.us-gov-west-1.amazonaws.com',
  )
  for (const wrong of [
    '',
    'sms-events',
    ARN.replace('sns', 'sqs'),
    ARN.replace('eu-west-1', 'e.x/'),
  ]) {
    expect(topicHost(wrong)).toBeUndefined()
  }
})

test('certificates come from that host alone', () => {
  expect(isCertificateUrl(`${HOST}/SimpleNotificationService-0a1b.pem`, ARN)).toBe(true)
  for (const wrong of [
    'x',
    `${HOST}/x.txt`,
    `${HOST}/a/x.pem`,
    `${HOST}/x.pem?a=b`,
    `${HOST}:8443/x.pem`,
    `${HOST.replace('https', 'http')}/x.pem`,
    `${HOST.replace('//', '//user@')}/x.pem`,
    'https://sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
    'https://evil.example/sns.eu-west-1.amazonaws.com/x.pem',
    'https://s3.eu-west-1.amazonaws.com/x.pem',
  ]) {
    expect(isCertificateUrl(wrong, ARN)).toBe(false)
  }
  expect(isCertificateUrl(`${HOST}/x.pem`, 'sms-events')).toBe(false)
})

test('a subscription is confirmed on that host, and of that topic', () => {
  const confirm = `${HOST}/?Action=ConfirmSubscription&TopicArn=${ARN}&Token=abc`
  expect(isSubscribeUrl(confirm, ARN)).toBe(true)
  expect(isSubscribeUrl(confirm.replace('Confirm', 'Delete'), ARN)).toBe(false)
  expect(isSubscribeUrl(confirm.replace('sms-events', 'other'), ARN)).toBe(false)
  expect(isSubscribeUrl(confirm.replace('eu-west-1.a', 'us-east-1.a'), ARN)).toBe(false)
})
