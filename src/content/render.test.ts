import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderMessage } from './render.ts'

const facts = { code: '042137', minutes: 5, service: 'Acme' }

test('every placeholder is replaced, as often as it stands there', () => {
  const text = renderMessage(
    '{service}: {code}, {code}, {minutes} min.\n@acme.example #{code}',
    facts,
  )
  expect(text).toBe('Acme: 042137, 042137, 5 min.\n@acme.example #042137')
})

test('what is put in is never read as a placeholder or a pattern', () => {
  const service = fc.stringMatching(/^[{}a-z$&'`\\ ]{0,20}$/)
  void fc.assert(
    fc.property(service, (name) => {
      const text = renderMessage('<{service}>{code}', { ...facts, service: name })
      expect(text).toBe(`<${name}>042137`)
    }),
  )
})

test('a brace that begins no placeholder stays where it is', () => {
  expect(renderMessage('{} {name} {{code}} {', facts)).toBe('{} {name} {042137} {')
})

test('a control character that got past the door stops the message', () => {
  expect(() => renderMessage('{service} {code}', { ...facts, service: 'a\u0007' })).toThrow(
    'a message has no control characters',
  )
})
