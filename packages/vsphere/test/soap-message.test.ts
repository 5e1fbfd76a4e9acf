import { expect, it } from 'vitest'
import { vsphere } from '../src/index.ts'
import { replyOf, requestTo } from './reply.ts'

it.each([
  ['no vmomi type defined for &#39;Bogus&#39;', "no vmomi type defined for 'Bogus'"],
  [
    'Der Vorgang ist nicht zul&#xE4;ssig: &lt;a&gt; &amp;amp; &quot;b&quot;',
    'Der Vorgang ist nicht zulässig: <a> &amp; "b"',
  ],
  ['&#0; &#1114112; &#xFFFFFF; &nbsp;', '&#0; &#1114112; &#xFFFFFF; &nbsp;'],
])('the sentence of a fault in SOAP is told as it was meant: %s', (written, message) => {
  const text = `<Envelope><Body><Fault><faultcode>ServerFaultCode</faultcode><faultstring>${written}</faultstring></Fault></Body></Envelope>`
  const reply = replyOf(500, text, { request: requestTo('/sdk', 'POST') })
  expect(vsphere().parse(reply)).toMatchObject({ code: 'SystemError', message })
})
