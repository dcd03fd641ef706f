// @rudderstack/analytics-js, the bundled build, says one of everything in a page; it has no screens.
import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

const given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const client = new RudderAnalytics();
const errors = [];
const error = console.error;
console.error = (...said) => {
  errors.push(said.join(" "));
  error(...said);
};
const options = { configUrl: given.url, logLevel: "ERROR" };
if (given.batched) options.queueOptions = { batch: { enabled: true, maxItems: 10, flushInterval: 200 } };
if (given.beacon) Object.assign(options, { useBeacon: true, beaconQueueOptions: { maxItems: 10, flushQueueInterval: 200 } });
client.load(given.key, given.url, options);
client.ready(() => {
  client.setAnonymousId(given.visitor);
  client.identify(given.person, { plan: "gold", email: "a@shop.example" });
  client.track("Order Completed", { revenue: 12.5, currency: "EUR" });
  client.page("Docs", "Home", { url: "http://shop.example/home" });
  client.group("g1", { name: "ACME" });
  client.alias(given.person, given.visitor);
  window.report = { errors };
});
