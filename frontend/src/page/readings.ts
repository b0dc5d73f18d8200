/** The readings, as plots and as a table. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Findings, ProvenReading, Series, Verdict } from '../verify';
import './plot';
import './table';
import { nameOf, type Track } from './track';
import type { Speech } from './words';

/** Tracks by their entities. */
type Tracks = ReadonlyMap<string, Track>;

/** Shows a plot for each entity, all with the same axis of time. */
export function showPlots(speech: Speech, tracks: Tracks, findings: Findings): TemplateResult {
  const all = Array.from(tracks.values());
  const first = Math.min(...all.map((track) => minimum(track.times)));
  const last = Math.max(...all.map((track) => maximum(track.times)));
  return html`<section class="card plots">
    <h2>${speech.say('readings')}</h2>
    ${all.length ? nothing : html`<p>${speech.say('none')}</p>`}
    ${all.map((track) => plot(speech, track, findings.series.get(track.entityId)!, [first, last]))}
    ${all.length ? html`<p class="quiet">${speech.say('zone', { zone: speech.zone })}</p>` : nothing}
  </section>`;
}

/** Returns the plot of an entity, with what it cannot show itself. */
function plot(speech: Speech, track: Track, series: Series, domain: readonly [number, number]): TemplateResult {
  const earlier = series.first?.leaf.sequence ?? 0;
  return html`<figure>
    <figcaption>
      <strong><bdi>${nameOf(series)}</bdi></strong>
      <span class="quiet">
        ${track.unit ? html`<bdi>${track.unit}</bdi> · ` : nothing}${speech.count('readings', series.count)}
        ${earlier ? html`· ${speech.count('before', earlier)}` : nothing}
      </span>
      ${series.missing ? html`<span class="missing">${speech.count('missing', series.missing)}</span>` : nothing}
    </figcaption>
    <sensorchain-plot .track=${track} .series=${series} .speech=${speech} .domain=${domain}></sensorchain-plot>
  </figure>`;
}

/** Shows all readings, a page at a time. */
export function showTable(
  speech: Speech,
  readings: readonly ProvenReading[],
  tracks: Tracks,
  verdict: Verdict,
): TemplateResult | typeof nothing {
  if (!readings.length) return nothing;
  return html`<section class="card">
    <h2>${speech.say('table')}</h2>
    <sensorchain-readings
      .readings=${readings}
      .tracks=${tracks}
      .verdict=${verdict}
      .speech=${speech}
    ></sensorchain-readings>
  </section>`;
}

function minimum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.min(one, other), Infinity);
}

function maximum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other), -Infinity);
}
