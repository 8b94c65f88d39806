/* What the scripts of the pages use of htmx, and the events that pages send, for `make check`; no browser loads it. */

interface HtmxRequest {
  verb: string;
  elt: Element;
}

interface HtmxDetail {
  target?: Element;
  elt: Element;
  xhr: XMLHttpRequest;
  successful: boolean;
  requestConfig: HtmxRequest;
  headers: Record<string, string>;
  parameters: Record<string, string>;
}

interface Htmx {
  ajax(verb: string, address: string, options: { source?: Element; target: string; swap: string; values?: Record<string, string> }): Promise<void>;
  trigger(element: Element, event: string): void;
}

interface Window {
  htmx: Htmx;
}

interface DocumentEventMap {
  announce: CustomEvent<{ value?: string }>;
  "htmx:afterRequest": CustomEvent<HtmxDetail>;
  "htmx:afterSettle": CustomEvent<HtmxDetail>;
  "htmx:afterSwap": CustomEvent<HtmxDetail>;
  "htmx:beforeRequest": CustomEvent<HtmxDetail>;
  "htmx:beforeSwap": CustomEvent<HtmxDetail>;
  "htmx:configRequest": CustomEvent<HtmxDetail>;
  "htmx:responseError": CustomEvent<HtmxDetail>;
  "htmx:sendError": CustomEvent<Partial<HtmxDetail>>;
}
