import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methodName, pathTemplates } from '../src/plugin.ts'

const template = pathTemplates(`
  vm({vm}(power tools(installer)) search)
  tags({tag})
`)

describe('a path template', () => {
  it.each([
    ['/vm', '/vm'],
    ['/vm/vm-12', '/vm/{vm}'],
    ['/vm/vm-12/power', '/vm/{vm}/power'],
    ['/vm/search', '/vm/search'],
    ['//vm//vm-12/', '/vm/{vm}'],
    ['/vm/vm-12/power/start', '/vm/{vm}/power/{path}'],
    ['/vm/vm-12/secret/plan', '/vm/{vm}/{path}'],
    ['/hosts/7', '/{path}'],
    ['/VM/7', '/{path}'],
    ['/', '/'],
    ['', '/'],
  ])('of %s is %s', (path, expected) => {
    expect(template(path)).toBe(expected)
  })

  it('is one of few, whatever the path', () => {
    const places = [
      '/',
      '/vm',
      '/vm/search',
      '/vm/{vm}',
      '/vm/{vm}/power',
      '/vm/{vm}/tools',
      '/vm/{vm}/tools/installer',
    ]
    const known = [...places, '/tags', '/tags/{tag}']
    const all = new Set([...known, ...known.map((place) => `${place === '/' ? '' : place}/{path}`)])
    const segment = fc.oneof(
      fc.constantFrom('vm', 'power', 'tools', 'tags', 'installer', '{vm}', '{path}', ''),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        expect(all).toContain(template(segments.join('/')))
      }),
    )
  })
})

it('a method that HTTP does not define is the caller’s own text', () => {
  expect(['GET', 'PATCH', 'BREW', 'get'].map(methodName)).toEqual(['GET', 'PATCH', '_OTHER', '_OTHER'])
})
