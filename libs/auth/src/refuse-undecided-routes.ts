import { RequestMethod, type Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { RouteWithoutRuleError } from './auth.errors.js';
import { ROUTE_RULE } from './route-rules.js';

// Nest's own metadata names for what @Get() and its like leave behind.
const PATH = 'path';
const METHOD = 'method';

/**
 * Deny by default, proved at start.
 * @throws RouteWithoutRuleError naming every route with neither @RequiresRole nor @Public
 */
export function refuseUndecidedRoutes(modules: ModulesContainer): void {
  const scanner = new MetadataScanner();
  const undecided: string[] = [];
  for (const module of modules.values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const controller = metatype as Type<unknown>;
      const prototype = controller.prototype as Record<string, object>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name]!;
        const path = Reflect.getMetadata(PATH, handler) as string | undefined;
        if (path === undefined) continue;
        if (Reflect.hasMetadata(ROUTE_RULE, handler) || Reflect.hasMetadata(ROUTE_RULE, controller)) continue;
        const method = RequestMethod[Reflect.getMetadata(METHOD, handler) as RequestMethod];
        undecided.push(`${method} ${path} (${controller.name}.${name})`);
      }
    }
  }
  if (undecided.length > 0) throw new RouteWithoutRuleError(undecided);
}
