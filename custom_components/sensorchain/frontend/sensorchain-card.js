var Xn=Object.defineProperty;var Yn=Object.getOwnPropertyDescriptor;var g=(i,t,e,n)=>{for(var r=n>1?void 0:n?Yn(t,e):t,o=i.length-1,s;o>=0;o--)(s=i[o])&&(r=(n?s(t,e,r):s(r))||r);return n&&r&&Xn(t,e,r),r};/**
 * @license
 * Copyright 2019 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Le=globalThis,Me=Le.ShadowRoot&&(Le.ShadyCSS===void 0||Le.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,ht=Symbol(),zt=new WeakMap,ye=class{constructor(t,e,n){if(this._$cssResult$=!0,n!==ht)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(Me&&t===void 0){let n=e!==void 0&&e.length===1;n&&(t=zt.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),n&&zt.set(e,t))}return t}toString(){return this.cssText}},Ht=i=>new ye(typeof i=="string"?i:i+"",void 0,ht),E=(i,...t)=>{let e=i.length===1?i[0]:t.reduce((n,r,o)=>n+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+i[o+1],i[0]);return new ye(e,i,ht)},Bt=(i,t)=>{if(Me)i.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let n=document.createElement("style"),r=Le.litNonce;r!==void 0&&n.setAttribute("nonce",r),n.textContent=e.cssText,i.appendChild(n)}},pt=Me?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let e="";for(let n of t.cssRules)e+=n.cssText;return Ht(e)})(i):i;/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{is:Qn,defineProperty:ei,getOwnPropertyDescriptor:ti,getOwnPropertyNames:ni,getOwnPropertySymbols:ii,getPrototypeOf:ri}=Object,Ue=globalThis,It=Ue.trustedTypes,oi=It?It.emptyScript:"",si=Ue.reactiveElementPolyfillSupport,be=(i,t)=>i,ve={toAttribute(i,t){switch(t){case Boolean:i=i?oi:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let e=i;switch(t){case Boolean:e=i!==null;break;case Number:e=i===null?null:Number(i);break;case Object:case Array:try{e=JSON.parse(i)}catch{e=null}}return e}},je=(i,t)=>!Qn(i,t),Vt={attribute:!0,type:String,converter:ve,reflect:!1,useDefault:!1,hasChanged:je};Symbol.metadata??=Symbol("metadata"),Ue.litPropertyMetadata??=new WeakMap;var I=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Vt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(t,n,e);r!==void 0&&ei(this.prototype,t,r)}}static getPropertyDescriptor(t,e,n){let{get:r,set:o}=ti(this.prototype,t)??{get(){return this[e]},set(s){this[e]=s}};return{get:r,set(s){let a=r?.call(this);o?.call(this,s),this.requestUpdate(t,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Vt}static _$Ei(){if(this.hasOwnProperty(be("elementProperties")))return;let t=ri(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(be("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(be("properties"))){let e=this.properties,n=[...ni(e),...ii(e)];for(let r of n)this.createProperty(r,e[r])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[n,r]of e)this.elementProperties.set(n,r)}this._$Eh=new Map;for(let[e,n]of this.elementProperties){let r=this._$Eu(e,n);r!==void 0&&this._$Eh.set(r,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let n=new Set(t.flat(1/0).reverse());for(let r of n)e.unshift(pt(r))}else t!==void 0&&e.push(pt(t));return e}static _$Eu(t,e){let n=e.attribute;return n===!1?void 0:typeof n=="string"?n:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let n of e.keys())this.hasOwnProperty(n)&&(t.set(n,this[n]),delete this[n]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Bt(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,n){this._$AK(t,n)}_$ET(t,e){let n=this.constructor.elementProperties.get(t),r=this.constructor._$Eu(t,n);if(r!==void 0&&n.reflect===!0){let o=(n.converter?.toAttribute!==void 0?n.converter:ve).toAttribute(e,n.type);this._$Em=t,o==null?this.removeAttribute(r):this.setAttribute(r,o),this._$Em=null}}_$AK(t,e){let n=this.constructor,r=n._$Eh.get(t);if(r!==void 0&&this._$Em!==r){let o=n.getPropertyOptions(r),s=typeof o.converter=="function"?{fromAttribute:o.converter}:o.converter?.fromAttribute!==void 0?o.converter:ve;this._$Em=r;let a=s.fromAttribute(e,o.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(t,e,n,r=!1,o){if(t!==void 0){let s=this.constructor;if(r===!1&&(o=this[t]),n??=s.getPropertyOptions(t),!((n.hasChanged??je)(o,e)||n.useDefault&&n.reflect&&o===this._$Ej?.get(t)&&!this.hasAttribute(s._$Eu(t,n))))return;this.C(t,e,n)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:n,reflect:r,wrapped:o},s){n&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,s??e??this[t]),o!==!0||s!==void 0)||(this._$AL.has(t)||(this.hasUpdated||n||(e=void 0),this._$AL.set(t,e)),r===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,o]of this._$Ep)this[r]=o;this._$Ep=void 0}let n=this.constructor.elementProperties;if(n.size>0)for(let[r,o]of n){let{wrapped:s}=o,a=this[r];s!==!0||this._$AL.has(r)||a===void 0||this.C(r,void 0,o,a)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(n=>n.hostUpdate?.()),this.update(e)):this._$EM()}catch(n){throw t=!1,this._$EM(),n}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};I.elementStyles=[],I.shadowRootOptions={mode:"open"},I[be("elementProperties")]=new Map,I[be("finalized")]=new Map,si?.({ReactiveElement:I}),(Ue.reactiveElementVersions??=[]).push("2.1.2");/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var mt=globalThis,Dt=i=>i,ze=mt.trustedTypes,qt=ze?ze.createPolicy("lit-html",{createHTML:i=>i}):void 0,ft="$lit$",V=`lit$${Math.random().toFixed(9).slice(2)}$`,gt="?"+V,ai=`<${gt}>`,ee=document,_e=()=>ee.createComment(""),xe=i=>i===null||typeof i!="object"&&typeof i!="function",yt=Array.isArray,Zt=i=>yt(i)||typeof i?.[Symbol.iterator]=="function",ut=`[ 	
\f\r]`,we=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ft=/-->/g,Kt=/>/g,Y=RegExp(`>|${ut}(?:([^\\s"'>=/]+)(${ut}*=${ut}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Jt=/'/g,Gt=/"/g,Xt=/^(?:script|style|textarea|title)$/i,bt=i=>(t,...e)=>({_$litType$:i,strings:t,values:e}),d=bt(1),S=bt(2),Tr=bt(3),D=Symbol.for("lit-noChange"),u=Symbol.for("lit-nothing"),Wt=new WeakMap,Q=ee.createTreeWalker(ee,129);function Yt(i,t){if(!yt(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return qt!==void 0?qt.createHTML(t):t}var Qt=(i,t)=>{let e=i.length-1,n=[],r,o=t===2?"<svg>":t===3?"<math>":"",s=we;for(let a=0;a<e;a++){let l=i[a],c,m,h=-1,p=0;for(;p<l.length&&(s.lastIndex=p,m=s.exec(l),m!==null);)p=s.lastIndex,s===we?m[1]==="!--"?s=Ft:m[1]!==void 0?s=Kt:m[2]!==void 0?(Xt.test(m[2])&&(r=RegExp("</"+m[2],"g")),s=Y):m[3]!==void 0&&(s=Y):s===Y?m[0]===">"?(s=r??we,h=-1):m[1]===void 0?h=-2:(h=s.lastIndex-m[2].length,c=m[1],s=m[3]===void 0?Y:m[3]==='"'?Gt:Jt):s===Gt||s===Jt?s=Y:s===Ft||s===Kt?s=we:(s=Y,r=void 0);let f=s===Y&&i[a+1].startsWith("/>")?" ":"";o+=s===we?l+ai:h>=0?(n.push(c),l.slice(0,h)+ft+l.slice(h)+V+f):l+V+(h===-2?a:f)}return[Yt(i,o+(i[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),n]},$e=class i{constructor({strings:t,_$litType$:e},n){let r;this.parts=[];let o=0,s=0,a=t.length-1,l=this.parts,[c,m]=Qt(t,e);if(this.el=i.createElement(c,n),Q.currentNode=this.el.content,e===2||e===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(r=Q.nextNode())!==null&&l.length<a;){if(r.nodeType===1){if(r.hasAttributes())for(let h of r.getAttributeNames())if(h.endsWith(ft)){let p=m[s++],f=r.getAttribute(h).split(V),b=/([.?@])?(.*)/.exec(p);l.push({type:1,index:o,name:b[2],strings:f,ctor:b[1]==="."?Be:b[1]==="?"?Ie:b[1]==="@"?Ve:ne}),r.removeAttribute(h)}else h.startsWith(V)&&(l.push({type:6,index:o}),r.removeAttribute(h));if(Xt.test(r.tagName)){let h=r.textContent.split(V),p=h.length-1;if(p>0){r.textContent=ze?ze.emptyScript:"";for(let f=0;f<p;f++)r.append(h[f],_e()),Q.nextNode(),l.push({type:2,index:++o});r.append(h[p],_e())}}}else if(r.nodeType===8)if(r.data===gt)l.push({type:2,index:o});else{let h=-1;for(;(h=r.data.indexOf(V,h+1))!==-1;)l.push({type:7,index:o}),h+=V.length-1}o++}}static createElement(t,e){let n=ee.createElement("template");return n.innerHTML=t,n}};function te(i,t,e=i,n){if(t===D)return t;let r=n!==void 0?e._$Co?.[n]:e._$Cl,o=xe(t)?void 0:t._$litDirective$;return r?.constructor!==o&&(r?._$AO?.(!1),o===void 0?r=void 0:(r=new o(i),r._$AT(i,e,n)),n!==void 0?(e._$Co??=[])[n]=r:e._$Cl=r),r!==void 0&&(t=te(i,r._$AS(i,t.values),r,n)),t}var He=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:n}=this._$AD,r=(t?.creationScope??ee).importNode(e,!0);Q.currentNode=r;let o=Q.nextNode(),s=0,a=0,l=n[0];for(;l!==void 0;){if(s===l.index){let c;l.type===2?c=new le(o,o.nextSibling,this,t):l.type===1?c=new l.ctor(o,l.name,l.strings,this,t):l.type===6&&(c=new De(o,this,t)),this._$AV.push(c),l=n[++a]}s!==l?.index&&(o=Q.nextNode(),s++)}return Q.currentNode=ee,r}p(t){let e=0;for(let n of this._$AV)n!==void 0&&(n.strings!==void 0?(n._$AI(t,n,e),e+=n.strings.length-2):n._$AI(t[e])),e++}},le=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,n,r){this.type=2,this._$AH=u,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=te(this,t,e),xe(t)?t===u||t==null||t===""?(this._$AH!==u&&this._$AR(),this._$AH=u):t!==this._$AH&&t!==D&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Zt(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==u&&xe(this._$AH)?this._$AA.nextSibling.data=t:this.T(ee.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:n}=t,r=typeof n=="number"?this._$AC(t):(n.el===void 0&&(n.el=$e.createElement(Yt(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(e);else{let o=new He(r,this),s=o.u(this.options);o.p(e),this.T(s),this._$AH=o}}_$AC(t){let e=Wt.get(t.strings);return e===void 0&&Wt.set(t.strings,e=new $e(t)),e}k(t){yt(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,n,r=0;for(let o of t)r===e.length?e.push(n=new i(this.O(_e()),this.O(_e()),this,this.options)):n=e[r],n._$AI(o),r++;r<e.length&&(this._$AR(n&&n._$AB.nextSibling,r),e.length=r)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let n=Dt(t).nextSibling;Dt(t).remove(),t=n}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},ne=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,n,r,o){this.type=1,this._$AH=u,this._$AN=void 0,this.element=t,this.name=e,this._$AM=r,this.options=o,n.length>2||n[0]!==""||n[1]!==""?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=u}_$AI(t,e=this,n,r){let o=this.strings,s=!1;if(o===void 0)t=te(this,t,e,0),s=!xe(t)||t!==this._$AH&&t!==D,s&&(this._$AH=t);else{let a=t,l,c;for(t=o[0],l=0;l<o.length-1;l++)c=te(this,a[n+l],e,l),c===D&&(c=this._$AH[l]),s||=!xe(c)||c!==this._$AH[l],c===u?t=u:t!==u&&(t+=(c??"")+o[l+1]),this._$AH[l]=c}s&&!r&&this.j(t)}j(t){t===u?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},Be=class extends ne{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===u?void 0:t}},Ie=class extends ne{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==u)}},Ve=class extends ne{constructor(t,e,n,r,o){super(t,e,n,r,o),this.type=5}_$AI(t,e=this){if((t=te(this,t,e,0)??u)===D)return;let n=this._$AH,r=t===u&&n!==u||t.capture!==n.capture||t.once!==n.once||t.passive!==n.passive,o=t!==u&&(n===u||r);r&&this.element.removeEventListener(this.name,this,n),o&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},De=class{constructor(t,e,n){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(t){te(this,t)}},en={M:ft,P:V,A:gt,C:1,L:Qt,R:He,D:Zt,V:te,I:le,H:ne,N:Ie,U:Ve,B:Be,F:De},li=mt.litHtmlPolyfillSupport;li?.($e,le),(mt.litHtmlVersions??=[]).push("3.3.3");var tn=(i,t,e)=>{let n=e?.renderBefore??t,r=n._$litPart$;if(r===void 0){let o=e?.renderBefore??null;n._$litPart$=r=new le(t.insertBefore(_e(),o),o,void 0,e??{})}return r._$AI(i),r};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var vt=globalThis,k=class extends I{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=tn(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return D}};k._$litElement$=!0,k.finalized=!0,vt.litElementHydrateSupport?.({LitElement:k});var ci=vt.litElementPolyfillSupport;ci?.({LitElement:k});(vt.litElementVersions??=[]).push("4.2.2");/**
 * @license
 * Copyright 2022 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var di={attribute:!0,type:String,converter:ve,reflect:!1,hasChanged:je},hi=(i=di,t,e)=>{let{kind:n,metadata:r}=e,o=globalThis.litPropertyMetadata.get(r);if(o===void 0&&globalThis.litPropertyMetadata.set(r,o=new Map),n==="setter"&&((i=Object.create(i)).wrapped=!0),o.set(e.name,i),n==="accessor"){let{name:s}=e;return{set(a){let l=t.get.call(this);t.set.call(this,a),this.requestUpdate(s,l,i,!0,a)},init(a){return a!==void 0&&this.C(s,void 0,i,a),a}}}if(n==="setter"){let{name:s}=e;return function(a){let l=this[s];t.call(this,a),this.requestUpdate(s,l,i,!0,a)}}throw Error("Unsupported decorator location: "+n)};function v(i){return(t,e)=>typeof e=="object"?hi(i,t,e):((n,r,o)=>{let s=r.hasOwnProperty(o);return r.constructor.createProperty(o,n),s?Object.getOwnPropertyDescriptor(r,o):void 0})(i,t,e)}/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */function w(i){return v({...i,state:!0,attribute:!1})}/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2021 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 *//**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var nn={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},rn=i=>(...t)=>({_$litDirective$:i,values:t}),Fe=class{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,e,n){this._$Ct=t,this._$AM=e,this._$Ci=n}_$AS(t,e){return this.update(t,e)}update(t,e){return this.render(...e)}};/**
 * @license
 * Copyright 2020 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{I:pi}=en,on=i=>i;var sn=()=>document.createComment(""),ce=(i,t,e)=>{let n=i._$AA.parentNode,r=t===void 0?i._$AB:t._$AA;if(e===void 0){let o=n.insertBefore(sn(),r),s=n.insertBefore(sn(),r);e=new pi(o,s,i,i.options)}else{let o=e._$AB.nextSibling,s=e._$AM,a=s!==i;if(a){let l;e._$AQ?.(i),e._$AM=i,e._$AP!==void 0&&(l=i._$AU)!==s._$AU&&e._$AP(l)}if(o!==r||a){let l=e._$AA;for(;l!==o;){let c=on(l).nextSibling;on(n).insertBefore(l,r),l=c}}}return e},K=(i,t,e=i)=>(i._$AI(t,e),i),ui={},an=(i,t=ui)=>i._$AH=t,ln=i=>i._$AH,Ke=i=>{i._$AR(),i._$AA.remove()};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var cn=(i,t,e)=>{let n=new Map;for(let r=t;r<=e;r++)n.set(i[r],r);return n},dn=rn(class extends Fe{constructor(i){if(super(i),i.type!==nn.CHILD)throw Error("repeat() can only be used in text expressions")}dt(i,t,e){let n;e===void 0?e=t:t!==void 0&&(n=t);let r=[],o=[],s=0;for(let a of i)r[s]=n?n(a,s):s,o[s]=e(a,s),s++;return{values:o,keys:r}}render(i,t,e){return this.dt(i,t,e).values}update(i,[t,e,n]){let r=ln(i),{values:o,keys:s}=this.dt(t,e,n);if(!Array.isArray(r))return this.ut=s,o;let a=this.ut??=[],l=[],c,m,h=0,p=r.length-1,f=0,b=o.length-1;for(;h<=p&&f<=b;)if(r[h]===null)h++;else if(r[p]===null)p--;else if(a[h]===s[f])l[f]=K(r[h],o[f]),h++,f++;else if(a[p]===s[b])l[b]=K(r[p],o[b]),p--,b--;else if(a[h]===s[b])l[b]=K(r[h],o[b]),ce(i,l[b+1],r[h]),h++,b--;else if(a[p]===s[f])l[f]=K(r[p],o[f]),ce(i,r[h],r[p]),p--,f++;else if(c===void 0&&(c=cn(s,f,b),m=cn(a,h,p)),c.has(a[h]))if(c.has(a[p])){let $=m.get(s[f]),z=$!==void 0?r[$]:null;if(z===null){let Ne=ce(i,r[h]);K(Ne,o[f]),l[f]=Ne}else l[f]=K(z,o[f]),ce(i,r[h],z),r[$]=null;f++}else Ke(r[p]),p--;else Ke(r[h]),h++;for(;f<=b;){let $=ce(i,l[b+1]);K($,o[f]),l[f++]=$}for(;h<=p;){let $=r[h++];$!==null&&Ke($)}return this.ut=s,an(i,l),D}});var A=class i{constructor(t){this.connection=t;this.logs=new Map;this.ledgers=new Map;this.entities=new Map;this.isKnown=!1;this.listeners=new Set;this.clockLag=0}static{this.all=new WeakMap}static of(t){let e=i.all.get(t);return e||i.all.set(t,e=new i(t)),e}listen(t){return this.listeners.add(t),this.subscription??=this.subscribe(),()=>{this.listeners.delete(t),this.listeners.size||this.unsubscribe()}}now(){return Date.now()+this.clockLag}subscribe(){let t=this.connection.subscribeMessage(e=>this.receive(e),{type:"sensorchain/overview"});return t.catch(e=>{this.problem=e.message??String(e),this.subscription=void 0,this.tell()}),t}unsubscribe(){this.subscription?.then(t=>t()).catch(()=>{}),this.subscription=void 0,this.isKnown=!1}receive(t){this.problem=void 0,this.clockLag=Date.parse(t.now)-Date.now();for(let[e,n]of[[this.logs,t.logs],[this.ledgers,t.ledgers],[this.entities,t.entities]])t.full&&e.clear(),mi(e,n);this.isKnown=!0,this.tell()}tell(){for(let t of this.listeners)t()}};function mi(i,t){for(let[e,n]of Object.entries(t))n===null?i.delete(e):i.set(e,n)}function hn({reading:i,confirmed:t}){return i?.status==="confirmed"?i:t}function wt(i,t,e){return i.callWS({type:"sensorchain/readings",log:t.log,entity_id:t.entity_id,...e})}function pn(i,t,e){return i.callWS({type:"sensorchain/proof",log:t.log,entity_id:t.entity_id,index:e})}async function un(i,t,e){let n={type:"sensorchain/verify",log:t.log,entity_id:t.entity_id,index:e};return(await i.callWS(n)).ledgers}async function mn(i,t){return(await i.callWS({type:"sensorchain/anchor",ledger:t})).size}async function fn(i,t,e){let n=new URLSearchParams({entity_id:t.entity_id,...e}),{path:r}=await i.callWS({type:"auth/sign_path",path:`/api/sensorchain/bundle/${t.log}?${n}`,expires:300}),o=document.createElement("a");o.href=i.hassUrl(r),o.download="",document.body.append(o),o.click(),o.remove()}var yn=[["day",86400],["hour",3600],["minute",60]];function _t(i){return i.locale.time_zone==="server"?{timeZone:i.config.time_zone}:{}}function fi(i){let t=i.locale.time_format;return t==="12"?{hourCycle:"h12"}:t==="24"?{hourCycle:"h23"}:{}}var gn=new Map;function ie(i,t,e){let n=`${i.name} ${t} ${JSON.stringify(e)}`,r=gn.get(n);return r||gn.set(n,r=new i(t,e)),r}function Je(i,t,e){let n=Math.round((e-t)/1e3),[r,o]=yn.find(([,a])=>n>=a)??[];return!r||!o?void 0:ie(Intl.RelativeTimeFormat,i.locale.language,{style:"short",numeric:"always"}).format(-Math.floor(n/o),r)}function J(i,t,e,n={}){let{language:r}=i.locale,o=ie(Intl.DateTimeFormat,r,{dateStyle:"short",..._t(i)});return ie(Intl.DateTimeFormat,r,{...o.format(t)===o.format(e)?{}:{day:"numeric",month:"short"},hour:"2-digit",minute:"2-digit",...n.seconds===!1?{}:{second:"2-digit"},..._t(i),...fi(i)}).format(t)}function G(i,t){let e={dateStyle:"full",timeStyle:"long",..._t(i)};return ie(Intl.DateTimeFormat,i.locale.language,e).format(t)}function bn(i){return ie(Intl.Collator,i.locale.language,{numeric:!0}).compare}function xt(i){let[t=0,e=1,n=1]=i.split("-").map(Number);return{start:new Date(t,e-1,n).toISOString(),stop:new Date(t,e-1,n+1).toISOString()}}function C(i,t){return ie(Intl.NumberFormat,i.locale.language,{}).format(t)}function re(i,t){let[e,n]=yn.find(([,o])=>t>=2*o)??["second",1],r=Math.round(t/n*(n===1?1:10))/(n===1?1:10);return ie(Intl.NumberFormat,i.locale.language,{style:"unit",unit:e,unitDisplay:"short"}).format(r)}function Ge(i,t=10){return i.length>t+2?`${i.slice(0,t)}…`:i}function de(i){return i.replace(/ \(.*\)$/,"")}var vn=S`<circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.75" />`,gi=S`<path d="M10 2.2 18.2 17H1.8Z" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round" />`,yi={recorded:S`${vn}<circle cx="10" cy="10" r="1.75" fill="currentColor" />`,submitted:S`${vn}<path d="M10 5.2a4.8 4.8 0 0 0 0 9.6Z" fill="currentColor" />`,confirmed:S`<circle cx="10" cy="10" r="8.1" fill="currentColor" /><path class="cut" d="m6.2 10.3 2.6 2.6 5-5.4" fill="none" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" />`,failed:S`<path d="M6.6 2h6.8L18 6.6v6.8L13.4 18H6.6L2 13.4V6.6Z" fill="currentColor" /><path class="cut" d="m7.2 7.2 5.6 5.6m0-5.6-5.6 5.6" fill="none" stroke-width="1.9" stroke-linecap="round" />`,overdue:S`${gi}<path d="M10 7.5v4.2" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" /><circle cx="10" cy="14.2" r="1" fill="currentColor" />`,unreachable:S`<circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.75" stroke-dasharray="5.1 2.49" /><path d="M6.8 10h6.4" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" />`};function T(i){let t=i?yi[i]:S`<circle cx="10" cy="10" r="2" fill="currentColor" />`;return d`<svg class="glyph ${i??"none"}" viewBox="0 0 20 20" aria-hidden="true">${t}</svg>`}var bi={open:"M14 3v2h3.59l-9.83 9.83 1.41 1.41L19 6.41V10h2V3m-2 16H5V5h7V3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-7h-2v7Z",close:"M19 6.41 17.59 5 12 10.59 6.41 5 5 6.41 10.59 12 5 17.59 6.41 19 12 13.41 17.59 19 19 17.59 13.41 12Z",verify:"m10 17-4-4 1.41-1.41L10 14.17l6.59-6.59L18 9m-6-8L3 5v6c0 5.55 3.84 10.74 9 12 5.16-1.26 9-6.45 9-12V5l-9-4Z",download:"M5 20h14v-2H5m14-9h-4V3H9v6H5l7 7 7-7Z",anchor:"M12 2a3 3 0 0 1 1 5.83V10h4v2h-4v7.92c2.5-.37 4.5-2 5.28-4.18L16.5 16l3.2-4 2.8 4.2-1.9-.1C19.7 19.6 16.2 22 12 22s-7.7-2.4-8.6-5.9l-1.9.1 2.8-4.2 3.2 4-1.78-.26A6.8 6.8 0 0 0 11 19.92V12H7v-2h4V7.83A3 3 0 0 1 12 2m0 2a1 1 0 1 0 0 2 1 1 0 0 0 0-2Z",lock:"M12 17a2 2 0 0 0 0-4 2 2 0 0 0 0 4m6-9a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2h1V6a5 5 0 0 1 10 0v2h1m-6-5a3 3 0 0 0-3 3v2h6V6a3 3 0 0 0-3-3Z"};function H(i){return d`<svg class="symbol" viewBox="0 0 24 24" aria-hidden="true">
<path d=${bi[i]} fill="currentColor" />
</svg>`}var P=E`
:host {
--sc-recorded: var(--secondary-text-color, #727272);
--sc-submitted: var(--info-color, #039be5);
--sc-confirmed: var(--success-color, #43a047);
--sc-failed: var(--error-color, #db4437);
--sc-warning: var(--warning-color, #ffa600);
--sc-ground: var(--ha-card-background, var(--card-background-color, #fff));
--sc-line: var(--divider-color, rgba(0, 0, 0, 0.12));
/* The theme's own colour is too faint for small text. */
--sc-link: color-mix(in srgb, var(--primary-color) 65%, var(--primary-text-color));
font-family: var(--ha-font-family-body, inherit);
font-size: var(--ha-font-size-m, 14px);
color: var(--primary-text-color);
-webkit-font-smoothing: var(--ha-font-smoothing, antialiased);
}
.recorded,
.none {
color: var(--sc-recorded);
}
.submitted {
color: var(--sc-submitted);
}
.confirmed {
color: var(--sc-confirmed);
}
.failed {
color: var(--sc-failed);
}
.overdue,
.unreachable {
color: var(--sc-warning);
}
.glyph {
width: 1.15em;
height: 1.15em;
flex: none;
vertical-align: -0.2em;
}
.glyph .cut {
stroke: var(--sc-ground);
}
.symbol {
width: 20px;
height: 20px;
flex: none;
}
.secondary {
color: var(--secondary-text-color);
font-size: var(--ha-font-size-s, 12px);
}
button {
font: inherit;
color: inherit;
background: none;
border: none;
padding: 0;
margin: 0;
text-align: start;
cursor: pointer;
}
button:disabled {
cursor: default;
}
:focus-visible {
outline: 2px solid var(--primary-color);
outline-offset: 2px;
}
.icon-button {
display: inline-grid;
place-items: center;
width: 40px;
height: 40px;
border-radius: 50%;
color: var(--secondary-text-color);
transition: background-color 120ms;
}
.icon-button:hover:not(:disabled) {
background: color-mix(in srgb, currentColor 12%, transparent);
}
.icon-button:disabled {
opacity: 0.4;
}
.action {
display: inline-flex;
align-items: center;
justify-content: center;
gap: 8px;
min-height: 40px;
padding: 0 16px;
border-radius: 20px;
font-weight: var(--ha-font-weight-medium, 500);
color: var(--sc-link);
background: color-mix(in srgb, var(--primary-color) 12%, transparent);
transition: background-color 120ms;
}
.action:hover:not(:disabled) {
background: color-mix(in srgb, var(--primary-color) 20%, transparent);
}
.action:disabled {
color: var(--secondary-text-color);
background: color-mix(in srgb, var(--secondary-text-color) 10%, transparent);
}
a {
color: var(--sc-link);
}
.sr {
position: absolute;
width: 1px;
height: 1px;
overflow: hidden;
clip-path: inset(50%);
white-space: nowrap;
}
@media (prefers-reduced-motion: reduce) {
*,
*::before,
*::after {
animation: none !important;
transition: none !important;
}
}
`;var _n={card:"Readings that others can check",card_name:"SensorChain readings",card_about:"Recorded entities, and how far their readings have come.",ledger_name:"SensorChain ledger",ledger_about:"What awaits confirmation, the last anchor, its cost; anchor now.",recorded:"Recorded",submitted:"Submitted",confirmed:"Confirmed",failed:"Refused",overdue:"Overdue",unreachable:"Ledger unreachable",waiting:"No reading yet",all_confirmed:"All confirmed",n_confirmed:"{n} of {total} confirmed",just_now:"just now",last_confirmed:"confirmed {time}",never_confirmed:"none confirmed yet",span:"Last {time}",now:"now",timeline:"{n} readings in the last {time}, {confirmed} of them confirmed",show_all:"Show all {n}",show_less:"Show fewer",nothing:"Nothing is recorded yet",nothing_help:"Add a log under Settings, Devices & services, SensorChain.",nothing_chosen:"None of the chosen entities is recorded",loading:"Loading…",not_there:"SensorChain does not answer: {error}",readings:"Readings",newest:"Newest",day:"Day",all_days:"All days",older:"Older readings",no_readings:"No readings on this day",close:"Close",number:"Number {n}",public:"Published in clear",private:"Only its hash leaves your home",transaction:"Transaction {name} in the explorer",verify:"Verify now",verifying:"Verifying…",download:"Download proof",download_all:"Download proof of these readings",step_leaf:"The reading, and its hash",step_key:"The log’s key",step_signature:"The log’s signature of the checkpoint",checkpoint_of:"Checkpoint of {n} readings",step_inclusion:"The reading is part of the checkpoint",step_shown:"It is the reading that is shown here",step_ledger:"{ledger} holds this checkpoint",in_browser:"Checked in this browser",by_home:"Asked through Home Assistant",since:"at the latest since {time}",genuine:"Genuine. It existed {time} at the latest, and has not been changed since.",trial:"Trial network",trial_means:"Proves the time to nobody but whoever runs it",on_trial:"It is unchanged. But only a trial network holds it, and that proves to nobody else since when it exists.",not_yet:"It is in the log, unchanged. No ledger has confirmed it yet.",not_asked:"The proof holds. The ledger could not be asked now.",forged:"This does not hold.",awaiting:"Awaiting confirmation",last_anchor:"Last anchor",cadence:"Anchors every",usual:"Usually confirmed after",next:"Next confirmation",cost:"Cost",free:"Free",spent:"{amount} in total",balance:"Balance",anchors_left:"for {n} anchors",connected:"Connected",disconnected:"Not reachable",rejected:"Refuses anchors",asking:"Not asked yet",anchor_now:"Anchor now",anchoring:"Anchoring…",anchored:"Confirmed",up_to_date:"All is confirmed",no_ledger:"This log has no ledger yet",never:"Never",about:"about {time}",any_moment:"any moment",opt_title:"Title",opt_title_help:"Leave empty for the log’s name; a single dash for none.",opt_entities:"Entities",opt_entities_help:"Leave empty for all that are recorded.",opt_log:"Log",opt_hours:"Hours in the timeline",opt_timeline:"Show the timeline",opt_legend:"Show the legend",opt_rows:"Entities to show at first",opt_sort:"Order",opt_sort_attention:"What needs attention first",opt_sort_name:"By name",opt_sort_given:"As chosen",opt_ledger:"Ledger",opt_ledger_help:"Leave empty for all ledgers."},vi={card:"Messwerte, die andere prüfen können",card_name:"SensorChain-Messwerte",card_about:"Aufgezeichnete Entitäten, und wie weit ihre Messwerte sind.",ledger_name:"SensorChain-Ledger",ledger_about:"Was auf Bestätigung wartet, die letzte Verankerung, die Kosten; jetzt verankern.",recorded:"Aufgezeichnet",submitted:"Eingereicht",confirmed:"Bestätigt",failed:"Abgelehnt",overdue:"Überfällig",unreachable:"Ledger nicht erreichbar",waiting:"Noch kein Messwert",all_confirmed:"Alle bestätigt",n_confirmed:"{n} von {total} bestätigt",just_now:"gerade eben",last_confirmed:"bestätigt {time}",never_confirmed:"noch nichts bestätigt",span:"Letzte {time}",now:"jetzt",timeline:"{n} Messwerte in den letzten {time}, davon {confirmed} bestätigt",show_all:"Alle {n} zeigen",show_less:"Weniger zeigen",nothing:"Noch wird nichts aufgezeichnet",nothing_help:"Füge unter Einstellungen, Geräte & Dienste, SensorChain ein Log hinzu.",nothing_chosen:"Keine der gewählten Entitäten wird aufgezeichnet",loading:"Lädt…",not_there:"SensorChain antwortet nicht: {error}",readings:"Messwerte",newest:"Neueste",day:"Tag",all_days:"Alle Tage",older:"Ältere Messwerte",no_readings:"Keine Messwerte an diesem Tag",close:"Schließen",number:"Nummer {n}",public:"Im Klartext veröffentlicht",private:"Nur sein Hash verlässt dein Zuhause",transaction:"Transaktion {name} im Explorer",verify:"Jetzt prüfen",verifying:"Prüft…",download:"Beweis herunterladen",download_all:"Beweis dieser Messwerte herunterladen",step_leaf:"Der Messwert und sein Hash",step_key:"Der Schlüssel des Logs",step_signature:"Die Unterschrift des Logs unter dem Checkpoint",checkpoint_of:"Checkpoint von {n} Messwerten",step_inclusion:"Der Messwert ist Teil des Checkpoints",step_shown:"Es ist der Messwert, der hier gezeigt wird",step_ledger:"{ledger} hat diesen Checkpoint",in_browser:"In diesem Browser geprüft",by_home:"Über Home Assistant gefragt",since:"spätestens seit {time}",genuine:"Echt. Er bestand spätestens {time} und wurde seitdem nicht verändert.",trial:"Probenetz",trial_means:"Beweist die Zeit nur dem, der es betreibt",on_trial:"Er ist unverändert. Aber nur ein Probenetz hält ihn fest, und das beweist niemand anderem, seit wann es ihn gibt.",not_yet:"Er steht unverändert im Log. Noch hat ihn kein Ledger bestätigt.",not_asked:"Der Beweis hält. Das Ledger konnte gerade nicht gefragt werden.",forged:"Das stimmt nicht.",awaiting:"Warten auf Bestätigung",last_anchor:"Letzte Verankerung",cadence:"Verankert alle",usual:"Meist bestätigt nach",next:"Nächste Bestätigung",cost:"Kosten",free:"Kostenlos",spent:"{amount} insgesamt",balance:"Guthaben",anchors_left:"für {n} Verankerungen",connected:"Verbunden",disconnected:"Nicht erreichbar",rejected:"Lehnt Verankerungen ab",asking:"Noch nicht gefragt",anchor_now:"Jetzt verankern",anchoring:"Wird verankert…",anchored:"Bestätigt",up_to_date:"Alles ist bestätigt",no_ledger:"Dieses Log hat noch kein Ledger",never:"Noch nie",about:"etwa {time}",any_moment:"jeden Moment",opt_title:"Titel",opt_title_help:"Leer: der Name des Logs; ein Bindestrich: keiner.",opt_entities:"Entitäten",opt_entities_help:"Leer: alle, die aufgezeichnet werden.",opt_log:"Log",opt_hours:"Stunden im Zeitverlauf",opt_timeline:"Zeitverlauf zeigen",opt_legend:"Legende zeigen",opt_rows:"Zunächst gezeigte Entitäten",opt_sort:"Reihenfolge",opt_sort_attention:"Was Aufmerksamkeit braucht, zuerst",opt_sort_name:"Nach Name",opt_sort_given:"Wie gewählt",opt_ledger:"Ledger",opt_ledger_help:"Leer: alle Ledger."},wi={card:"Des relevés que d’autres peuvent vérifier",card_name:"Relevés SensorChain",card_about:"Les entités enregistrées, et où en sont leurs relevés.",ledger_name:"Registre SensorChain",ledger_about:"Ce qui attend confirmation, le dernier ancrage, son coût ; ancrer maintenant.",recorded:"Enregistré",submitted:"Soumis",confirmed:"Confirmé",failed:"Refusé",overdue:"En retard",unreachable:"Registre injoignable",waiting:"Pas encore de relevé",all_confirmed:"Tout est confirmé",n_confirmed:"{n} sur {total} confirmés",just_now:"à l’instant",last_confirmed:"confirmé {time}",never_confirmed:"rien de confirmé encore",span:"Dernières {time}",now:"maintenant",timeline:"{n} relevés dans les dernières {time}, dont {confirmed} confirmés",show_all:"Tout afficher ({n})",show_less:"Afficher moins",nothing:"Rien n’est encore enregistré",nothing_help:"Ajoutez un journal sous Paramètres, Appareils et services, SensorChain.",nothing_chosen:"Aucune des entités choisies n’est enregistrée",loading:"Chargement…",not_there:"SensorChain ne répond pas : {error}",readings:"Relevés",newest:"Récents",day:"Jour",all_days:"Tous les jours",older:"Relevés plus anciens",no_readings:"Aucun relevé ce jour",close:"Fermer",number:"Numéro {n}",public:"Publié en clair",private:"Seule son empreinte quitte la maison",transaction:"Transaction {name} dans l’explorateur",verify:"Vérifier",verifying:"Vérification…",download:"Télécharger la preuve",download_all:"Télécharger la preuve de ces relevés",step_leaf:"Le relevé et son empreinte",step_key:"La clé du journal",step_signature:"La signature du point de contrôle par le journal",checkpoint_of:"Point de contrôle de {n} relevés",step_inclusion:"Le relevé fait partie du point de contrôle",step_shown:"C’est bien le relevé affiché ici",step_ledger:"{ledger} contient ce point de contrôle",in_browser:"Vérifié dans ce navigateur",by_home:"Demandé par Home Assistant",since:"au plus tard depuis {time}",genuine:"Authentique. Il existait au plus tard {time} et n’a pas été modifié depuis.",trial:"Réseau d’essai",trial_means:"Ne prouve l’heure qu’à celui qui l’exploite",on_trial:"Il n’a pas été modifié. Mais seul un réseau d’essai le détient, et cela ne prouve à personne d’autre depuis quand il existe.",not_yet:"Il est dans le journal, intact. Aucun registre ne l’a encore confirmé.",not_asked:"La preuve tient. Le registre n’a pas pu être interrogé.",forged:"Cela ne tient pas.",awaiting:"En attente de confirmation",last_anchor:"Dernier ancrage",cadence:"Ancre toutes les",usual:"Confirmé d’habitude après",next:"Prochaine confirmation",cost:"Coût",free:"Gratuit",spent:"{amount} au total",balance:"Solde",anchors_left:"pour {n} ancrages",connected:"Connecté",disconnected:"Injoignable",rejected:"Refuse les ancrages",asking:"Pas encore interrogé",anchor_now:"Ancrer maintenant",anchoring:"Ancrage…",anchored:"Confirmé",up_to_date:"Tout est confirmé",no_ledger:"Ce journal n’a pas encore de registre",never:"Jamais",about:"environ {time}",any_moment:"d’un instant à l’autre",opt_title:"Titre",opt_title_help:"Vide : le nom du journal ; un tiret : aucun.",opt_entities:"Entités",opt_entities_help:"Vide : toutes celles qui sont enregistrées.",opt_log:"Journal",opt_hours:"Heures dans la chronologie",opt_timeline:"Afficher la chronologie",opt_legend:"Afficher la légende",opt_rows:"Entités affichées au départ",opt_sort:"Ordre",opt_sort_attention:"D’abord ce qui demande attention",opt_sort_name:"Par nom",opt_sort_given:"Comme choisi",opt_ledger:"Registre",opt_ledger_help:"Vide : tous les registres."},_i={card:"Lecturas que otros pueden comprobar",card_name:"Lecturas de SensorChain",card_about:"Las entidades registradas y en qué punto están sus lecturas.",ledger_name:"Libro mayor de SensorChain",ledger_about:"Lo que espera confirmación, el último anclaje y su coste; anclar ahora.",recorded:"Registrada",submitted:"Enviada",confirmed:"Confirmada",failed:"Rechazada",overdue:"Con retraso",unreachable:"Libro inaccesible",waiting:"Aún sin lecturas",all_confirmed:"Todo confirmado",n_confirmed:"{n} de {total} confirmadas",just_now:"ahora mismo",last_confirmed:"confirmada {time}",never_confirmed:"aún nada confirmado",span:"Últimas {time}",now:"ahora",timeline:"{n} lecturas en las últimas {time}, {confirmed} confirmadas",show_all:"Mostrar las {n}",show_less:"Mostrar menos",nothing:"Aún no se registra nada",nothing_help:"Añade un registro en Ajustes, Dispositivos y servicios, SensorChain.",nothing_chosen:"Ninguna de las entidades elegidas se registra",loading:"Cargando…",not_there:"SensorChain no responde: {error}",readings:"Lecturas",newest:"Recientes",day:"Día",all_days:"Todos los días",older:"Lecturas anteriores",no_readings:"No hay lecturas ese día",close:"Cerrar",number:"Número {n}",public:"Publicada en claro",private:"Solo su hash sale de casa",transaction:"Transacción {name} en el explorador",verify:"Comprobar ahora",verifying:"Comprobando…",download:"Descargar prueba",download_all:"Descargar la prueba de estas lecturas",step_leaf:"La lectura y su hash",step_key:"La clave del registro",step_signature:"La firma del punto de control por el registro",checkpoint_of:"Punto de control de {n} lecturas",step_inclusion:"La lectura es parte del punto de control",step_shown:"Es la lectura que se muestra aquí",step_ledger:"{ledger} contiene este punto de control",in_browser:"Comprobado en este navegador",by_home:"Preguntado a través de Home Assistant",since:"a más tardar desde {time}",genuine:"Auténtica. Existía {time} a más tardar y no se ha modificado desde entonces.",trial:"Red de ensayo",trial_means:"Solo prueba la hora a quien la opera",on_trial:"No se ha modificado. Pero solo una red de ensayo la contiene, y eso no prueba a nadie más desde cuándo existe.",not_yet:"Está en el registro, sin cambios. Ningún libro la ha confirmado aún.",not_asked:"La prueba es válida. No se pudo preguntar al libro ahora.",forged:"Esto no es válido.",awaiting:"Esperan confirmación",last_anchor:"Último anclaje",cadence:"Ancla cada",usual:"Suele confirmarse tras",next:"Próxima confirmación",cost:"Coste",free:"Gratis",spent:"{amount} en total",balance:"Saldo",anchors_left:"para {n} anclajes",connected:"Conectado",disconnected:"Inaccesible",rejected:"Rechaza anclajes",asking:"Aún sin preguntar",anchor_now:"Anclar ahora",anchoring:"Anclando…",anchored:"Confirmado",up_to_date:"Todo está confirmado",no_ledger:"Este registro aún no tiene libro",never:"Nunca",about:"unos {time}",any_moment:"en cualquier momento",opt_title:"Título",opt_title_help:"Vacío: el nombre del registro; un guion: ninguno.",opt_entities:"Entidades",opt_entities_help:"Vacío: todas las que se registran.",opt_log:"Registro",opt_hours:"Horas en la línea de tiempo",opt_timeline:"Mostrar la línea de tiempo",opt_legend:"Mostrar la leyenda",opt_rows:"Entidades mostradas al principio",opt_sort:"Orden",opt_sort_attention:"Primero lo que requiere atención",opt_sort_name:"Por nombre",opt_sort_given:"Como se eligieron",opt_ledger:"Libro mayor",opt_ledger_help:"Vacío: todos los libros."},xi={card:"Metingen die anderen kunnen controleren",card_name:"SensorChain-metingen",card_about:"Vastgelegde entiteiten, en hoe ver hun metingen zijn.",ledger_name:"SensorChain-grootboek",ledger_about:"Wat op bevestiging wacht, de laatste verankering, de kosten; nu verankeren.",recorded:"Vastgelegd",submitted:"Ingediend",confirmed:"Bevestigd",failed:"Geweigerd",overdue:"Te laat",unreachable:"Grootboek onbereikbaar",waiting:"Nog geen meting",all_confirmed:"Alles bevestigd",n_confirmed:"{n} van {total} bevestigd",just_now:"zojuist",last_confirmed:"bevestigd {time}",never_confirmed:"nog niets bevestigd",span:"Laatste {time}",now:"nu",timeline:"{n} metingen in de laatste {time}, waarvan {confirmed} bevestigd",show_all:"Alle {n} tonen",show_less:"Minder tonen",nothing:"Er wordt nog niets vastgelegd",nothing_help:"Voeg een log toe onder Instellingen, Apparaten & diensten, SensorChain.",nothing_chosen:"Geen van de gekozen entiteiten wordt vastgelegd",loading:"Laden…",not_there:"SensorChain antwoordt niet: {error}",readings:"Metingen",newest:"Nieuwste",day:"Dag",all_days:"Alle dagen",older:"Oudere metingen",no_readings:"Geen metingen op deze dag",close:"Sluiten",number:"Nummer {n}",public:"Leesbaar gepubliceerd",private:"Alleen de hash verlaat je huis",transaction:"Transactie {name} in de explorer",verify:"Nu controleren",verifying:"Controleren…",download:"Bewijs downloaden",download_all:"Bewijs van deze metingen downloaden",step_leaf:"De meting en haar hash",step_key:"De sleutel van het log",step_signature:"De handtekening van het log onder het checkpoint",checkpoint_of:"Checkpoint van {n} metingen",step_inclusion:"De meting is deel van het checkpoint",step_shown:"Het is de meting die hier wordt getoond",step_ledger:"{ledger} heeft dit checkpoint",in_browser:"In deze browser gecontroleerd",by_home:"Gevraagd via Home Assistant",since:"uiterlijk sinds {time}",genuine:"Echt. Zij bestond uiterlijk {time} en is sindsdien niet veranderd.",trial:"Proefnetwerk",trial_means:"Bewijst de tijd alleen aan wie het beheert",on_trial:"Ze is ongewijzigd. Maar alleen een proefnetwerk bevat haar, en dat bewijst niemand anders sinds wanneer ze bestaat.",not_yet:"Zij staat onveranderd in het log. Nog geen grootboek heeft haar bevestigd.",not_asked:"Het bewijs klopt. Het grootboek kon nu niet worden gevraagd.",forged:"Dit klopt niet.",awaiting:"Wachten op bevestiging",last_anchor:"Laatste verankering",cadence:"Verankert elke",usual:"Meestal bevestigd na",next:"Volgende bevestiging",cost:"Kosten",free:"Gratis",spent:"{amount} in totaal",balance:"Saldo",anchors_left:"voor {n} verankeringen",connected:"Verbonden",disconnected:"Onbereikbaar",rejected:"Weigert verankeringen",asking:"Nog niet gevraagd",anchor_now:"Nu verankeren",anchoring:"Verankeren…",anchored:"Bevestigd",up_to_date:"Alles is bevestigd",no_ledger:"Dit log heeft nog geen grootboek",never:"Nooit",about:"ongeveer {time}",any_moment:"elk moment",opt_title:"Titel",opt_title_help:"Leeg: de naam van het log; een streepje: geen.",opt_entities:"Entiteiten",opt_entities_help:"Leeg: alles wat wordt vastgelegd.",opt_log:"Log",opt_hours:"Uren in de tijdlijn",opt_timeline:"Tijdlijn tonen",opt_legend:"Legenda tonen",opt_rows:"Entiteiten om eerst te tonen",opt_sort:"Volgorde",opt_sort_attention:"Wat aandacht nodig heeft eerst",opt_sort_name:"Op naam",opt_sort_given:"Zoals gekozen",opt_ledger:"Grootboek",opt_ledger_help:"Leeg: alle grootboeken."},wn={en:_n,de:vi,fr:wi,es:_i,nl:xi};function _(i,t,e={}){return(wn[i]??wn[i.split("-")[0]??""]??_n)[t].replace(/\{(\w+)\}/g,(r,o)=>String(e[o]??r))}function ke(i,t){return String(i?.attributes.friendly_name??t.entity_id)}function $t(i,t){return!t||!customElements.get("ha-state-icon")?d`<ha-icon icon="mdi:link-variant"></ha-icon>`:d`<ha-state-icon .hass=${i} .stateObj=${t}></ha-state-icon>`}var M=class extends k{constructor(){super(...arguments);this.timeline=!0;this.hours=24;this.minute=0;this.isSkipped=!1;this.seen=e=>{this.isSkipped=e.skipped,this.isSkipped||this.requestUpdate()}}connectedCallback(){super.connectedCallback(),this.addEventListener("contentvisibilityautostatechange",this.seen)}disconnectedCallback(){super.disconnectedCallback(),this.removeEventListener("contentvisibilityautostatechange",this.seen)}shouldUpdate(){return!this.isSkipped}render(){let{entity:e,state:n}=this,r=e.status;return d`<button class="row" aria-haspopup="dialog">
<span class="head">
<span class="icon ${r??"none"}">${$t(this.hass,n)}</span>
<span class="names">
<span class="first"
><span class="name"><bdi>${ke(n,e)}</bdi></span
>${this.value()}</span
>
<span class="secondary">
<span class="status">${T(r)} ${_(this.language,r??"waiting")}</span>
<span class="last">${this.lastConfirmed()}</span>
</span>
</span>
</span>
${this.timeline?d`<sensorchain-timeline
.hass=${this.hass}
.entity=${e}
.log=${this.log}
.hours=${this.hours}
></sensorchain-timeline>`:u}
</button>`}value(){let{state:e,hass:n}=this,r=this.entity.reading,o=String(e?.attributes.unit_of_measurement??r?.unit??""),s=e?n.formatEntityState(e):`${r?.state??""}${o}`,a=o&&s.endsWith(o)?s.slice(0,-o.length).trimEnd():s;return d`<bdi class="value" dir="ltr">${a}${a===s?u:d`<small> ${o}</small>`}</bdi>`}lastConfirmed(){let{status:e}=this.entity,n=hn(this.entity),r=A.of(this.hass.connection);if(!n?.anchor?.confirmed_at)return e?` · ${_(this.language,"never_confirmed")}`:"";let o=Date.parse(n.anchor.confirmed_at),s=Je(this.hass,o,r.now())??_(this.language,"just_now"),a=e==="confirmed"?s:_(this.language,"last_confirmed",{time:s}),l=r.ledgers.get(n.anchor.ledger);return d` ·
<time title=${G(this.hass,o)}><bdi>${a}</bdi></time
>${l?d` · <span title=${l.title}>${de(l.title)}</span>`:u}`}static{this.styles=[P,E`
:host {
display: block;
content-visibility: auto;
contain-intrinsic-size: auto 104px;
}
.row {
display: block;
box-sizing: border-box;
width: 100%;
padding: 8px 16px 12px;
transition: background-color 120ms;
}
.row:hover {
background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
}
.row:focus-visible {
outline-offset: -3px;
border-radius: var(--ha-card-border-radius, 12px);
}
.head {
display: flex;
align-items: center;
gap: 12px;
min-height: 44px;
}
.icon {
display: grid;
place-items: center;
flex: none;
width: 36px;
height: 36px;
border-radius: 50%;
background: color-mix(in srgb, currentColor 16%, transparent);
--mdc-icon-size: 22px;
transition: color 600ms;
}
.icon.none {
opacity: 0.6;
}
.names {
flex: 1;
min-width: 0;
display: grid;
gap: 1px;
}
.name {
font-weight: var(--ha-font-weight-medium, 500);
line-height: 20px;
}
.first {
min-width: 0;
display: flex;
align-items: baseline;
gap: 12px;
}
.name {
flex: 1;
min-width: 0;
}
.name,
.names .secondary {
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
}
.names .secondary {
line-height: 18px;
}
.status {
color: var(--primary-text-color);
}
.value {
flex: none;
max-width: 60%;
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
font-size: var(--ha-font-size-xl, 20px);
font-variant-numeric: tabular-nums;
line-height: 22px;
}
.value small {
font-size: var(--ha-font-size-s, 12px);
color: var(--secondary-text-color);
}
sensorchain-timeline {
margin-top: 6px;
}
`]}};g([v({attribute:!1})],M.prototype,"state",2),g([v({attribute:!1})],M.prototype,"entity",2),g([v({attribute:!1})],M.prototype,"log",2),g([v({attribute:!1})],M.prototype,"language",2),g([v({type:Boolean})],M.prototype,"timeline",2),g([v({type:Number})],M.prototype,"hours",2),g([v({type:Number})],M.prototype,"minute",2);var We={hours_to_show:24,timeline:!0,legend:!0,rows:8,sort:"attention"},Xe=["failed","overdue","unreachable","recorded","submitted","confirmed",null],$i=["recorded","submitted","confirmed"],ki=2e4,xn=25,Ze,W=class extends k{constructor(){super(...arguments);this.more=0;this.minute=0;this.clock=0;this.visible=[];this.end=new IntersectionObserver(e=>{e.some(n=>n.isIntersecting)&&(this.more+=xn)})}setConfig(e){let{hours_to_show:n,entities:r,rows:o}=e;if(n!==void 0&&!(Number(n)>0))throw new Error("hours_to_show must be more than 0");if(o!==void 0&&!(Number(o)>0))throw new Error("rows must be more than 0");if(r!==void 0&&!Array.isArray(r))throw new Error("entities must be a list");this.config=e}static getStubConfig(){return{}}static getConfigForm(){let e=Ze?.hass.language??"en",n=[...Ze?.overview.logs??[]].map(([s,a])=>({value:s,label:a.title})),r=[...Ze?.overview.entities.values()??[]].map(s=>s.entity_id),o=["attention","name","given"].map(s=>({value:s,label:_(e,`opt_sort_${s}`)}));return{schema:[{name:"title",selector:{text:{}}},{name:"entities",selector:{entity:{multiple:!0,...r.length?{include_entities:r}:{}}}},...n.length>1?[{name:"log",selector:{select:{options:n,mode:"dropdown"}}}]:[],{name:"hours_to_show",default:We.hours_to_show,selector:{number:{min:1,max:744,mode:"box"}}},{name:"rows",default:We.rows,selector:{number:{min:1,max:500,mode:"box"}}},{name:"sort",default:We.sort,selector:{select:{options:o,mode:"dropdown"}}},{name:"timeline",default:!0,selector:{boolean:{}}},{name:"legend",default:!0,selector:{boolean:{}}}],computeLabel:({name:s})=>_(e,Ai[s]??"opt_title"),computeHelper:({name:s})=>kn[s]?_(e,kn[s]):void 0}}getCardSize(){return 1+2*this.shown().length}getGridOptions(){return{columns:12,rows:"auto",min_columns:6,min_rows:2}}connectedCallback(){super.connectedCallback(),this.clock=window.setInterval(()=>this.minute++,ki),this.follow()}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.clock),this.stop?.(),this.stop=this.overview=void 0,this.end.disconnect()}follow(){if(!this.hass||!this.isConnected)return;let e=A.of(this.hass.connection);Ze={hass:this.hass,overview:e},e!==this.overview&&(this.stop?.(),this.overview=e,this.stop=e.listen(()=>this.requestUpdate()))}willUpdate(e){e.has("hass")&&this.follow()}shouldUpdate(e){let n=e.get("hass");if(e.size!==1||!n||!this.hass)return!0;let{states:r,language:o,locale:s}=this.hass;return o!==n.language||s!==n.locale?!0:this.visible.some(a=>r[a.entity_id]!==n.states[a.entity_id])}option(e){return this.config?.[e]??We[e]}shown(){let e=this.config?.entities??[],n=[...this.overview?.entities.values()??[]].filter(c=>(!e.length||e.includes(c.entity_id))&&(!this.config?.log||c.log===this.config.log)),r=this.option("sort");if(r==="given")return n.sort((c,m)=>e.indexOf(c.entity_id)-e.indexOf(m.entity_id));if(!this.hass)return n;let{states:o}=this.hass,s=new Map(n.map(c=>[c,ke(o[c.entity_id],c)])),a=bn(this.hass),l=(c,m)=>a(s.get(c)??"",s.get(m)??"");return r==="name"?n.sort(l):n.sort((c,m)=>$n(c)-$n(m)||l(c,m))}say(e,n){return _(this.hass?.language??"en",e,n)}render(){return d`<ha-card>${this.content()}</ha-card> <sensorchain-dialog .hass=${this.hass}></sensorchain-dialog>`}content(){let{hass:e,overview:n}=this;if(!e||!n)return d``;if(n.problem)return this.message(this.say("not_there",{error:n.problem}));if(!n.isKnown)return this.message(this.say("loading"));let r=this.shown();if(!r.length)return n.entities.size?this.message(this.say("nothing_chosen")):this.message(this.say("nothing"),this.say("nothing_help"));let o=this.option("rows");this.visible=r.slice(0,o+this.more);let s=this.visible.length<r.length;return d`${this.header(e,r)}
<ul>
${dn(this.visible,a=>`${a.log}/${a.entity_id}`,a=>this.row(e,a))}
${this.more&&s?d`<li class="end"></li>`:u}
</ul>
${r.length>o?d`<button class="more" @click=${()=>this.more=this.more?0:xn}>
${this.more?this.say("show_less"):this.say("show_all",{n:C(e,r.length)})}
</button>`:u}
${this.option("legend")?this.footer():u}`}updated(){this.end.disconnect();let e=this.renderRoot.querySelector(".end");e&&this.end.observe(e)}message(e,n){return d`<div class="message">
<p>${e}</p>
${n?d`<p class="secondary">${n}</p>`:u}
</div>`}header(e,n){let r=this.config?.title?.trim()||this.logTitle(n);if(r==="-")return u;let o=n.filter(l=>l.status==="confirmed").length,s=n.map(l=>l.status).sort((l,c)=>Xe.indexOf(l)-Xe.indexOf(c))[0]??null,a=o===n.length;return d`<div class="header">
<div class="titles">
<h2>${r}</h2>
${this.option("timeline")?d`<div class="secondary">
${this.say("span",{time:re(e,Number(this.option("hours_to_show"))*3600)})}
</div>`:u}
</div>
<span class="summary ${a?"confirmed":s??"none"}">
${T(a?"confirmed":s)}
<bdi>
${a?this.say("all_confirmed"):this.say("n_confirmed",{n:o,total:n.length})}
</bdi>
</span>
</div>`}logTitle(e){let r=[...new Set(e.map(o=>o.log))].map(o=>this.overview?.logs.get(o)?.title);return r.length===1&&r[0]?r[0]:this.say("readings")}row(e,n){let r=this.overview?.logs.get(n.log);return d`<li>
<sensorchain-row
.hass=${e}
.state=${e.states[n.entity_id]}
.entity=${n}
.log=${r}
.language=${e.language}
.timeline=${this.option("timeline")}
.hours=${Number(this.option("hours_to_show"))}
.minute=${this.minute}
@click=${()=>this.open(n)}
></sensorchain-row>
</li>`}footer(){return d`<div class="footer secondary">
${["recorded","submitted","confirmed"].map(e=>d`<span class="legend">${T(e)} ${this.say(e)}</span>`)}
</div>`}open(e){this.renderRoot.querySelector("sensorchain-dialog")?.show(e,Number(this.option("hours_to_show")))}static{this.styles=[P,E`
ha-card {
display: flex;
flex-direction: column;
height: 100%;
overflow: hidden;
}
.header {
display: flex;
align-items: center;
justify-content: space-between;
gap: 12px;
padding: 14px 16px 6px;
}
.titles {
min-width: 0;
}
h2 {
margin: 0;
font-size: var(--ha-font-size-l, 16px);
font-weight: var(--ha-font-weight-medium, 500);
line-height: 24px;
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
}
.summary {
flex: none;
display: inline-flex;
align-items: center;
gap: 6px;
padding: 3px 10px 3px 7px;
border-radius: 12px;
font-size: var(--ha-font-size-s, 12px);
line-height: 18px;
background: color-mix(in srgb, currentColor 12%, transparent);
transition: color 600ms;
}
.summary:dir(rtl) {
padding: 3px 7px 3px 10px;
}
.summary .cut {
stroke: var(--sc-ground);
}
.summary bdi {
color: var(--primary-text-color);
}
ul {
list-style: none;
margin: 0;
padding: 0 0 4px;
flex: 1;
min-height: 0;
overflow-y: auto;
}
li + li {
border-top: 1px solid color-mix(in srgb, var(--sc-line) 60%, transparent);
}
.end {
height: 1px;
}
.more {
padding: 10px 16px;
text-align: center;
color: var(--sc-link);
font-weight: var(--ha-font-weight-medium, 500);
}
.footer {
display: flex;
flex-wrap: wrap;
gap: 4px 14px;
padding: 8px 16px 12px;
border-top: 1px solid color-mix(in srgb, var(--sc-line) 60%, transparent);
}
.legend {
display: inline-flex;
align-items: center;
gap: 5px;
}
.message {
padding: 24px 16px;
text-align: center;
}
.message p {
margin: 4px 0;
}
`]}};g([v({attribute:!1})],W.prototype,"hass",2),g([w()],W.prototype,"config",2),g([w()],W.prototype,"more",2),g([w()],W.prototype,"minute",2);function $n(i){return $i.includes(i.status)?Xe.length:Xe.indexOf(i.status)}var Ai={title:"opt_title",entities:"opt_entities",log:"opt_log",hours_to_show:"opt_hours",rows:"opt_rows",sort:"opt_sort",timeline:"opt_timeline",legend:"opt_legend"},kn={title:"opt_title_help",entities:"opt_entities_help"};var R=class extends Error{constructor(){super(...arguments);this.line=null}},y=class extends R{constructor(){super(...arguments);this.code="malformed"}};var he=class extends R{constructor(){super(...arguments);this.code="signature"}},q=class extends R{constructor(){super(...arguments);this.code="proof"}};var An="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",Sn=new Uint8Array(128).fill(255);for(let i=0;i<64;i++)Sn[An.charCodeAt(i)]=i;var Si=new TextEncoder,Ei=new TextDecoder("utf-8",{fatal:!0,ignoreBOM:!0}),Ci=/\p{Surrogate}/u;function pe(i){if(Ci.test(i))throw new y("Not Unicode text")}function Ae(i){return pe(i),Si.encode(i)}function Ye(i){try{return Ei.decode(i)}catch{throw new y("Not UTF-8")}}function ue(i){return Array.from(i,t=>t.toString(16).padStart(2,"0")).join("")}function Qe(i){let t="";for(let e=0;e<i.length;e+=3){let[n=0,r=0,o=0]=i.subarray(e,e+3),s=[n>>2,(n&3)<<4|r>>4,(r&15)<<2|o>>6,o&63],a=Math.min(i.length-e,3)+1;t+=s.map((l,c)=>c<a?An[l]:"=").join("")}return t}function Z(i){let t=i.endsWith("==")?2:i.endsWith("=")?1:0,e=new Uint8Array(Math.max(0,i.length/4*3-t)),n=i.length-t,r=0,o=0,s=0;for(let a=0;a<n;a++){let l=Sn[i.charCodeAt(a)]??255;if(l===255)throw new y("Not base64");r=(r<<6|l)&65535,o+=6,o>=8&&(e[s++]=r>>(o-=8))}if(i.length%4||(r&(1<<o)-1)!==0)throw new y("Not canonical base64");return e}function U(i,t){if(i.length!==t.length)return!1;for(let e=0;e<i.length;e++)if(i[e]!==t[e])return!1;return!0}function Se(...i){let t=new Uint8Array(i.reduce((n,r)=>n+r.length,0)),e=0;for(let n of i)t.set(n,e),e+=n.length;return t}function oe(i,t){return i.length<=t||i.length<=2*t&&Array.from(i).length<=t}var En=Array.from({length:410},(i,t)=>t).filter(Ni),Cn=En.map(i=>BigInt.asUintN(64,Pn(BigInt(i)<<192n,3n))),Tn=En.slice(0,8).map(i=>BigInt.asUintN(64,Pn(BigInt(i)<<128n,2n))),Ti=Int32Array.from(Cn.slice(0,64),Rn),Pi=Int32Array.from(Tn,Rn),O=64,Ri=new Int32Array(64),me=new Uint8Array(2*O),X=class{constructor(){this.state=Pi.slice();this.rest=new Uint8Array(O);this.length=0}update(t){let e=this.length%O;this.length+=t.length;let n=0;if(e){if(n=Math.min(O-e,t.length),this.rest.set(t.subarray(0,n),e),e+n<O)return this;kt(this.state,this.rest,0)}for(;n+O<=t.length;n+=O)kt(this.state,t,n);return this.rest.set(t.subarray(n)),this}digest(){let t=this.state.slice(),e=this.length%O,n=e<O-8?O:2*O;me.fill(0),me.set(this.rest.subarray(0,e)),me[e]=128,At(me,n-8,Math.floor(this.length/2**29)),At(me,n-4,this.length<<3);for(let o=0;o<n;o+=O)kt(t,me,o);let r=new Uint8Array(32);for(let o=0;o<8;o++)At(r,4*o,t[o]);return r}};function Ee(i){return new X().update(i).digest()}function St(i){let t=new Uint8Array(Math.ceil((i.length+17)/128)*128);t.set(i),t[i.length]=128;let e=new DataView(t.buffer);e.setBigUint64(t.length-8,BigInt(i.length)*8n);let n=Tn;for(let s=0;s<t.length;s+=128)n=Oi(n,e,s);let r=new Uint8Array(64),o=new DataView(r.buffer);return n.forEach((s,a)=>o.setBigUint64(a*8,s)),r}function kt(i,t,e){let n=Ri;for(let p=0;p<16;p++,e+=4)n[p]=t[e]<<24|t[e+1]<<16|t[e+2]<<8|t[e+3];for(let p=16;p<64;p++){let f=n[p-15],b=n[p-2],$=(f>>>7|f<<25)^(f>>>18|f<<14)^f>>>3,z=(b>>>17|b<<15)^(b>>>19|b<<13)^b>>>10;n[p]=n[p-16]+$+n[p-7]+z|0}let r=i[0],o=i[1],s=i[2],a=i[3],l=i[4],c=i[5],m=i[6],h=i[7];for(let p=0;p<64;p++){let f=(l>>>6|l<<26)^(l>>>11|l<<21)^(l>>>25|l<<7),b=h+f+(m^l&(c^m))+Ti[p]+n[p]|0,z=((r>>>2|r<<30)^(r>>>13|r<<19)^(r>>>22|r<<10))+(r&o|s&(r|o))|0;h=m,m=c,c=l,l=a+b|0,a=s,s=o,o=r,r=b+z|0}i[0]+=r,i[1]+=o,i[2]+=s,i[3]+=a,i[4]+=l,i[5]+=c,i[6]+=m,i[7]+=h}function Oi(i,t,e){let n=Array.from({length:16},(p,f)=>t.getBigUint64(e+8*f));for(let p=16;p<80;p++){let f=n[p-15],b=n[p-2],$=B(f,1n)^B(f,8n)^f>>7n,z=B(b,19n)^B(b,61n)^b>>6n;n.push(BigInt.asUintN(64,n[p-16]+$+n[p-7]+z))}let[r,o,s,a,l,c,m,h]=i;return n.forEach((p,f)=>{let b=B(l,14n)^B(l,18n)^B(l,41n),$=h+b+(l&c^~l&m)+Cn[f]+p,Ne=(B(r,28n)^B(r,34n)^B(r,39n))+(r&o^r&s^o&s);[r,o,s,a,l,c,m,h]=[BigInt.asUintN(64,$+Ne),r,o,s,BigInt.asUintN(64,a+$),l,c,m]}),[r,o,s,a,l,c,m,h].map((p,f)=>BigInt.asUintN(64,p+i[f]))}function At(i,t,e){i[t]=e>>>24,i[t+1]=e>>>16,i[t+2]=e>>>8,i[t+3]=e}function B(i,t){return BigInt.asUintN(64,i>>t|i<<64n-t)}function Pn(i,t){let e=1n<<BigInt(i.toString(2).length)/t+1n;for(;;){let n=((t-1n)*e+i/e**(t-1n))/t;if(n>=e)return e;e=n}}function Rn(i){return Number(BigInt.asIntN(32,i>>32n))}function Ni(i){if(i<2)return!1;for(let t=2;t*t<=i;t++)if(i%t===0)return!1;return!0}var x=2n**255n-19n,On=2n**252n+27742317777372353535851937790883648493n,Ln=se(-121665n*et(121666n)),Li=Rt(2n,(x-1n)/4n),Nn=[0n,1n,1n,0n],Ct=2n**255n,Ce=32,Mi=Mn(Un(se(4n*et(5n))));function Pt(i,t,e){let n=Mn(i);if(!n||e.length!==2*Ce)return!1;let r=e.subarray(0,Ce),o=Tt(e.subarray(Ce));if(o>=On)return!1;let s=Tt(St(Se(r,i,t)))%On;return U(zi(ji(o,Mi,s,Ui(n))),r)}function Et([i,t,e,n],[r,o,s,a]){let l=(t-i)*(o-r)%x,c=(t+i)*(o+r)%x,m=2n*n*a%x*Ln%x,h=2n*e*s%x,[p,f,b,$]=[c-l,h-m,h+m,c+l];return[p*f%x,b*$%x,f*b%x,p*$%x]}function Ui([i,t,e,n]){return[-i,t,e,-n]}function ji(i,t,e,n){let r=[Nn,t,n,Et(t,n)],[o,s]=[i,e].map(l=>l.toString(2).padStart(256,"0")),a=Nn;for(let l=0;l<256;l++){a=Et(a,a);let c=Number(o[l])+2*Number(s[l]);c&&(a=Et(a,r[c]))}return a}function zi([i,t,e]){let n=et(se(e)),r=se(i*n)&1n;return Un(se(t*n)|r*Ct)}function Mn(i){if(i.length!==Ce)return null;let t=Tt(i),e=t/Ct,n=t%Ct,r=n<x?Hi(n):null;if(r===null||e&&!r)return null;let o=(r&1n)===e?r:x-r;return[o,n,1n,o*n%x]}function Hi(i){let t=se((i*i-1n)*et(se(Ln*i*i+1n))),e=Rt(t,(x+3n)/8n);return[e,e*Li%x].find(r=>r*r%x===t)??null}function Tt(i){return i.reduceRight((t,e)=>t<<8n|BigInt(e),0n)}function Un(i){return Uint8Array.from({length:Ce},(t,e)=>Number(i>>BigInt(8*e)&255n))}function se(i){let t=i%x;return t<0n?t+x:t}function et(i){return Rt(i,x-2n)}function Rt(i,t){let e=1n;for(let n of t.toString(2))e=e*e%x,n==="1"&&(e=e*i%x);return e}var tt=globalThis.crypto?.subtle,jn;async function Ot(i,t,e){if(jn??=Bi(),!tt||!await jn)return Pt(i,t,e);try{let n=await tt.importKey("raw",i,"Ed25519",!1,["verify"]);return await tt.verify("Ed25519",n,e,t)}catch{return!1}}async function Bi(){let i="d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",t=Uint8Array.from({length:32},(e,n)=>parseInt(i.slice(2*n,2*n+2),16));try{return!!await tt?.importKey("raw",t,"Ed25519",!1,["verify"])}catch{return!1}}function zn(i){try{return JSON.parse(i)}catch{throw new y("Not JSON")}}function Te(i){return typeof i=="object"&&i!==null&&!Array.isArray(i)}var fe=32,In=Ee(new Uint8Array),Ii=Uint8Array.of(0),Vi=Uint8Array.of(1);function Pe(i){return new X().update(Ii).update(i).digest()}function Vn(i,t){return new X().update(Vi).update(i).update(t).digest()}function nt(i,t,e,n,r){if(i<0||i>=t)throw new q(`No leaf ${i} in a log of ${t}`);Di(e,r,...n);let o=new Nt(i,t-1),s=e;if(n.forEach((a,l)=>{s=o.isRight()?Bn(a,s,l):Bn(s,a,l),o.climb()}),o.checkEnd(),!U(s,r))throw new q("The proof leads to another root")}var Hn=[];function Bn(i,t,e){let n=Hn[e];if(n&&U(n.left,i)&&U(n.right,t))return n.parent;let r=Vn(i,t);return Hn[e]={left:i,right:t,parent:r},r}var Nt=class{constructor(t,e){this.node=t;this.last=e}isRight(){if(!this.last)throw new q("The proof is too long");return this.node%2===1||this.node===this.last}climb(){if(this.node===this.last)for(;this.node&&this.node%2===0;)this.up();this.up()}climbWhileRight(){for(;this.node%2===1;)this.up()}checkEnd(){if(this.last)throw new q("The proof is too short")}up(){this.node=Math.floor(this.node/2),this.last=Math.floor(this.last/2)}};function Di(...i){if(i.some(t=>t.length!==fe))throw new q(`A hash is not ${fe} bytes long`)}var rt=65536,qi=1,Fi=32,it=4,Ki=/[ \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/,Ji=/[\0-\x1f]/,ge=class i{constructor(t,e,n,r){this.text=t;this.name=e;this.publicKey=n;this.id=r}static parse(t){let[,e,n,r]=/^([^+]*)\+([^+]*)\+([^]*)$/.exec(t)??[];if(e===void 0||n===void 0||r===void 0)throw new y("Not a verifier key");let o=Z(r);if(o[0]!==qi)throw new y("Not an Ed25519 verifier key");if(Dn(e),o.length!==1+Fi)throw new y("A public key that is not 32 bytes long");let s=Ee(Se(Ae(`${e}
`),o)).slice(0,it);if(ue(s)!==n)throw new y("The key id is not that of the verifier key");return new i(t,e,o.slice(1),s)}};async function ot(i,t){let[e,n]=Gi(i),[r,o]=n.filter(([a,l])=>a===t.name&&U(l.subarray(0,it),t.id));if(!r)throw new he(`Not signed by ${t.name}`);if(o)throw new y(`Signed more than once by ${t.name}`);if(!await Ot(t.publicKey,Ae(e),r[1].slice(it)))throw new he(`Not signed by ${t.name}`);return e}function Gi(i){if(!oe(i,rt))throw new y("A note that is too long");let t=i.lastIndexOf(`

`);if(t<0||!i.slice(t+2).endsWith(`
`))throw new y("Not a signed note");let e=i.slice(0,t+1);qn(e.replaceAll(`
`,""));let n=i.slice(t+2,-1).split(`
`);return[e,n.map(Wi)]}function Wi(i){let[,t,e]=/^— ([^ ]*) ([^]*)$/.exec(i)??[];if(t===void 0||e===void 0)throw new y("Not a signature line");Dn(t);let n=Z(e);if(n.length<=it)throw new y("A signature that is too short");return[t,n]}function Dn(i){if(qn(i),!i||i.includes("+")||Ki.test(i))throw new y("Not a key name")}function qn(i){if(Ji.test(i))throw new y("A control character in a note");pe(i)}var Zi=/^(?:0|[1-9][0-9]{0,18})$/;async function st(i,t){let e=(await ot(i,t)).split(`
`),[n,r,o,s]=e;if(e.length!==4||!n||r===void 0||o===void 0||s)throw new y("A checkpoint has three lines");let a={origin:n,size:Re(r),root:Z(o),note:i};if(a.root.length!==fe)throw new y("Not the size and root of a log");if(!a.size&&!U(a.root,In))throw new y("An empty log with the root of another");if(n!==t.name)throw new y(`A checkpoint of ${n}, not of ${t.name}`);return a}function Re(i){let t=Number(i);if(!Zi.test(i)||!Number.isSafeInteger(t))throw new y("Not a number");return t}var Fn=2048,Xi=65535,Yi=/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})Z$/,Qi=/^[0-9a-f]{32}$/;function at(i){if(i.length>Xi)throw new y(`A leaf of ${i.length} bytes`);let t=Ye(i),e=er(zn(t));if(Mt(e)!==t)throw new y("A leaf that is not in canonical form");return e}function Mt(i){return`{"entity_id":${JSON.stringify(i.entity_id)},"last_updated":"${i.last_updated}","salt":"${i.salt}","sequence":${i.sequence},"state":${JSON.stringify(i.state)},"unit":${JSON.stringify(i.unit)}}`}function lt(i){let[,...t]=Yi.exec(i)??[],[e=0,n=0,r=0,o=0,s=0,a=0]=t.map(Number);if(!(e>0&&r>0&&r<=tr(e,n)&&o<24&&s<60&&a<60))throw new y("Not a time");return i}function Ut(i){return Date.parse(`${i.slice(0,19)}Z`)+Number(i.slice(20,26))/1e3}function er(i){if(!Te(i))throw new y("Not a leaf");let{entity_id:t,last_updated:e,salt:n,sequence:r,state:o,unit:s}=i;if(!Lt(t)||t===""||!Lt(o)||!(s===null||Lt(s))||!(typeof n=="string"&&Qi.test(n))||!(typeof r=="number"&&Number.isSafeInteger(r)&&r>=0)||typeof e!="string")throw new y("Not a leaf");return{entity_id:t,last_updated:lt(e),salt:n,sequence:r,state:o,unit:s}}function Lt(i){return typeof i!="string"||!oe(i,Fn)?!1:(pe(i),!0)}function tr(i,t){return[0,31,i%4===0&&i%100!==0||i%400===0?29:28,31,30,31,30,31,31,30,31,30,31][t]??0}var nr=63,ir=/^c2sp\.org\/tlog-proof@v1\nindex ([0-9]+)\n((?:[^\n]+\n)*)\n([^]*)$/;function Kn(i){let[,t,e,n]=ir.exec(i)??[];if(!oe(i,2*rt)||t===void 0||e===void 0||n===void 0)throw new y("Not an inclusion proof");let r=e.split(`
`).slice(0,-1).map(Z);if(r.length>nr)throw new y("A proof of too many hashes");if(r.some(o=>o.length!==fe))throw new y("Not a hash");return{index:Re(t),hashes:r,note:n}}async function ct(i){let t=[],e=async(r,o,s)=>{try{let a=await o();return t.push({name:r,ok:!0,value:s(a)}),a}catch(a){throw a instanceof R&&t.push({name:r,ok:!1,problem:a.message}),a}},n=new TextEncoder().encode(i.leaf);try{let r=await e("leaf",()=>at(Ae(i.leaf)),()=>ue(Pe(n))),o=await e("key",()=>ge.parse(i.verifierKey),l=>ue(l.id)),s=rr(i.proof,t),a=await e("signature",()=>st(s.note,o),l=>String(l.size));return await e("inclusion",()=>nt(s.index,a.size,Pe(n),s.hashes,a.root),()=>Qe(a.root)),{ok:!0,steps:t,leaf:r,checkpoint:a}}catch(r){if(r instanceof R)return{ok:!1,steps:t};throw r}}function rr(i,t){try{return Kn(i)}catch(e){throw e instanceof R&&t.push({name:"signature",ok:!1,problem:e.message}),e}}var Bs=2**20;var lr="sensorchain-bundle/v1";var Xs=2**25;var Ys=`{"format":"${lr}",`;var Jn='"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="',Qs=new RegExp(`^\\[(?:${Jn}(?:,${Jn})*)?\\]\\}$`);var N=class extends k{constructor(){super(...arguments);this.lines=[];this.ledgers=[];this.problem=""}connectedCallback(){super.connectedCallback(),this.check()}async check(){try{let e=await pn(this.hass,this.entity,this.reading.index),n=await ct({leaf:e.leaf,proof:e.proof,verifierKey:e.verifier_key}),r=n.leaf?yr(n.leaf,this.reading):!1;if(this.lines=[...n.steps.map(a=>this.line(a)),...n.ok?[{label:this.say("step_shown"),ok:r}]:[]],!n.ok||!r)return void(this.outcome="forged");let o=await un(this.hass,this.entity,this.reading.index),s=await this.prove(e);this.ledgers=o.map(a=>this.ledger(a)),this.conclude(o.filter(a=>s.has(`${a.ledger} ${a.size}`)))}catch(e){this.problem=e.message??String(e)}}async prove({leaf:e,verifier_key:n,anchors:r}){let o=await Promise.all(r.map(({proof:a})=>ct({leaf:e,proof:a,verifierKey:n}))),s=r.filter(({size:a},l)=>o[l]?.ok&&o[l].checkpoint?.size===a);return new Set(s.map(({ledger:a,size:l})=>`${a} ${l}`))}conclude(e){let n=e.filter(o=>o.status==="confirmed"),r=n.filter(o=>o.existed_before&&!o.is_trial).map(o=>Date.parse(o.existed_before));this.since=r.length?Math.min(...r):void 0,e.some(o=>o.status==="lost")?this.outcome="forged":n.length?this.outcome=n.every(o=>o.is_trial)?"on_trial":"genuine":this.outcome=e.length?"not_asked":"not_yet"}line({name:e,ok:n,value:r="",problem:o}){let s=e==="signature"&&r?this.say("checkpoint_of",{n:C(this.hass,Number(r))}):r;return{label:this.say(`step_${e}`),ok:n,value:s,problem:o,isCode:e!=="signature"}}ledger(e){let n=e.existed_before?this.say("since",{time:J(this.hass,Date.parse(e.existed_before),this.now())}):void 0;return{label:this.say("step_ledger",{ledger:de(e.title)}),ok:e.error||e.is_trial&&e.status==="confirmed"?void 0:e.status==="confirmed",value:[e.is_trial?this.say("trial"):null,e.place,n].filter(Boolean).join(", "),problem:e.error??e.problem??void 0}}now(){return A.of(this.hass.connection).now()}say(e,n){return _(this.hass.language,e,n)}render(){let e=!this.outcome&&!this.problem;return d`<div class="check" role="status" aria-live="polite" aria-busy=${e}>
${this.group("in_browser",this.lines,0)} ${this.group("by_home",this.ledgers,this.lines.length)}
${e?d`<p class="going secondary"><span class="spinner"></span>${this.say("verifying")}</p>`:u}
${this.problem?d`<p class="result forged">${this.problem}</p>`:u} ${this.result()}
</div>`}group(e,n,r){return n.length?d`<h3 class="secondary">${this.say(e)}</h3>
<ul>
${n.map((o,s)=>d`<li class=${Gn(o)} style="animation-delay: ${(r+s)*90}ms">
<svg viewBox="0 0 20 20" aria-hidden="true"><path d=${gr[Gn(o)]} /></svg>
<div>
<div>${o.label}</div>
${o.problem?d`<div class="secondary">${o.problem}</div>`:u}
${o.value?d`<div class="secondary ${o.isCode?"code":""}">${o.value}</div>`:u}
</div>
</li>`)}
</ul>`:u}result(){if(!this.outcome)return u;let e=this.since?d`<time title=${G(this.hass,this.since)}>${J(this.hass,this.since,this.now())}</time>`:d`…`,[n,r]=this.say(this.outcome,{time:`
`}).split(`
`);return d`<p class="result ${this.outcome}">
${H("verify")}<span>${n}${r===void 0?u:[e,r]}</span>
</p>`}static{this.styles=[P,E`
.check {
margin: 0 0 12px;
padding: 4px 16px 16px;
border-radius: 16px;
background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
}
h3 {
margin: 12px 0 4px;
font-weight: var(--ha-font-weight-medium, 500);
}
ul {
list-style: none;
margin: 0;
padding: 0;
}
li {
display: flex;
gap: 10px;
padding: 3px 0;
line-height: 20px;
animation: appear 240ms backwards ease-out;
}
li > div {
min-width: 0;
}
li svg {
flex: none;
width: 18px;
height: 18px;
margin-top: 1px;
fill: none;
stroke: currentColor;
stroke-width: 2.2;
stroke-linecap: round;
stroke-linejoin: round;
color: var(--sc-confirmed);
}
li.bad svg {
color: var(--sc-failed);
}
li.unknown svg {
color: var(--sc-warning);
}
.code {
font-family: var(--ha-font-family-code, ui-monospace, monospace);
overflow-wrap: anywhere;
}
@keyframes appear {
from {
opacity: 0;
transform: translateY(4px);
}
}
.result {
display: flex;
align-items: center;
gap: 10px;
margin: 14px 0 0;
padding: 10px 14px;
border-radius: 12px;
line-height: 20px;
--tone: var(--sc-warning);
background: color-mix(in srgb, var(--tone) 14%, transparent);
}
.result .symbol {
color: var(--tone);
}
.genuine {
--tone: var(--sc-confirmed);
font-weight: var(--ha-font-weight-medium, 500);
}
.not_yet {
--tone: var(--sc-submitted);
}
.forged {
--tone: var(--sc-failed);
}
.going {
display: flex;
align-items: center;
gap: 10px;
margin: 12px 0 0;
}
.spinner {
width: 14px;
height: 14px;
border: 2px solid var(--sc-line);
border-top-color: var(--primary-color);
border-radius: 50%;
animation: turn 800ms linear infinite;
}
@keyframes turn {
to {
transform: rotate(1turn);
}
}
`]}};g([v({attribute:!1})],N.prototype,"hass",2),g([v({attribute:!1})],N.prototype,"entity",2),g([v({attribute:!1})],N.prototype,"reading",2),g([w()],N.prototype,"lines",2),g([w()],N.prototype,"ledgers",2),g([w()],N.prototype,"outcome",2),g([w()],N.prototype,"since",2),g([w()],N.prototype,"problem",2);var gr={good:"m4 10.5 4 4 8-9",bad:"m5 5 10 10m0-10-10 10",unknown:"M10 4v7m0 4.5v.01"};function Gn(i){return i.ok===void 0?"unknown":i.ok?"good":"bad"}function yr(i,t){return i.entity_id===t.entity_id&&i.state===t.state&&i.unit===t.unit&&i.sequence===t.sequence&&Math.abs(Ut(i.last_updated)-Date.parse(t.time))<1}var L=class extends k{constructor(){super(...arguments);this.readings=[];this.next=null;this.day="";this.isLoading=!1;this.problem="";this.hours=24}async show(e,n){this.hass&&(Object.assign(this,{entity:e,hours:n,readings:[],next:null,day:"",opened:void 0,problem:""}),await this.updateComplete,this.dialog?.showModal(),this.stop=A.of(this.hass.connection).listen(()=>{this.refresh()}),await this.load())}get dialog(){return this.renderRoot.querySelector("dialog")}closed(){this.stop?.(),this.stop=this.entity=void 0}disconnectedCallback(){super.disconnectedCallback(),this.closed()}shouldUpdate(e){return this.entity!==void 0||e.has("entity")||!this.hasUpdated}async load(e){let{hass:n,entity:r,day:o}=this;if(!(!n||!r||this.isLoading)){this.isLoading=!0;try{let s=await wt(n,r,{limit:30,...e===void 0?{}:{before:e},...o?xt(o):{}});this.readings=e===void 0?s.readings:[...this.readings,...s.readings],this.next=s.next}catch(s){this.problem=s.message??String(s)}finally{this.isLoading=!1}}}async refresh(){let{hass:e,entity:n}=this;if(!e||!n)return;let o=A.of(e.connection).entities.get(`${n.log}/${n.entity_id}`);if(!o||o===n)return;this.entity=o;let s=this.readings[0]?.index===o.reading?.index,a=this.readings.every(h=>h.status==="confirmed");if(this.day||s&&a)return;let l=await wt(e,o,{limit:30}).catch(()=>{});if(!l)return;let c=l.readings[l.readings.length-1]?.index??1/0,m=this.readings.filter(h=>h.index<c);this.readings=[...l.readings,...m],m.length||(this.next=l.next)}choose(e){Object.assign(this,{day:e,readings:[],next:null,opened:void 0}),this.load()}async download(e){let{hass:n,entity:r}=this;if(!(!n||!r))try{await fn(n,r,e)}catch(o){this.problem=o.message??String(o)}}say(e,n){return _(this.hass?.language??"en",e,n)}render(){let{hass:e,entity:n}=this;return d`<dialog
aria-labelledby="title"
@close=${this.closed}
@click=${r=>r.target===r.currentTarget&&this.dialog?.close()}
>
${e&&n?this.content(e,n):u}
</dialog>`}content(e,n){let r=e.states[n.entity_id],o=A.of(e.connection).logs.get(n.log),s=this.day?xt(this.day):{};return d`<div class="page">
<header>
<button class="icon-button" @click=${()=>this.dialog?.close()} aria-label=${this.say("close")}>
${H("close")}
</button>
<span class="icon ${n.status??"none"}">${$t(e,r)}</span>
<div class="names">
<h2 id="title"><bdi>${ke(r,n)}</bdi></h2>
<div class="secondary">${o?.title} · ${this.say(n.public?"public":"private")}</div>
</div>
<bdi class="value" dir="ltr">${r?e.formatEntityState(r):u}</bdi>
</header>
<div class="body">
${this.timeline(e,n,o)}
<div class="tools">
<label class="day">
<span class="sr">${this.say("day")}</span>
<input
type="date"
.value=${this.day}
@change=${a=>this.choose(a.target.value)}
/>
</label>
${this.day?d`<button class="action" @click=${()=>this.choose("")}>${this.say("all_days")}</button>`:u}
<button class="action all" @click=${()=>this.download(s)}>
${H("download")} ${this.say("download_all")}
</button>
</div>
${this.problem?d`<p class="problem" role="alert">${this.problem}</p>`:u}
<ol aria-label=${this.say("readings")} aria-busy=${this.isLoading}>
${this.readings.map(a=>this.reading(e,n,a))}
</ol>
${this.end()}
</div>
</div>`}timeline(e,n,r){if(!r)return u;let o=A.of(e.connection).now(),s=[1,.75,.5,.25].map(a=>o-a*this.hours*36e5);return d`<div class="timeline">
<sensorchain-timeline
.hass=${e}
.entity=${n}
.log=${r}
.hours=${this.hours}
.height=${72}
></sensorchain-timeline>
<div class="axis secondary" aria-hidden="true">
${s.map(a=>d`<span>${J(e,a,o,{seconds:!1})}</span>`)}
<span>${this.say("now")}</span>
</div>
</div>`}end(){if(this.isLoading&&!this.readings.length)return d`<p class="end secondary">${this.say("loading")}</p>`;if(!this.readings.length)return d`<p class="end secondary">${this.say(this.day?"no_readings":"waiting")}</p>`;let e=this.next;return e===null?u:d`<button class="action older" ?disabled=${this.isLoading} @click=${()=>this.load(e)}>
${this.say("older")}
</button>`}reading(e,n,r){let o=A.of(e.connection),s=Date.parse(r.time),a=this.opened===r.index,l=r.anchor,c=l?o.ledgers.get(l.ledger):void 0,m=()=>this.opened=a?void 0:r.index,h={index:String(r.index)};return r.status!=="confirmed"&&(h.unconfirmed="true"),d`<li class=${a?"open":""}>
<div class="reading">
<span class="mark">${T(r.status)}</span>
<div class="what">
<div class="first">
<time title=${G(e,s)}>${J(e,s,o.now())}</time>
<b dir="auto">${r.state}${r.unit?d` <small>${r.unit}</small>`:u}</b>
</div>
<div class="secondary">
${this.say(r.status)}${c?` · ${de(c.title)}`:u}
${l?.explorer?d` ·
<a
href=${l.explorer}
target="_blank"
rel="noreferrer"
aria-label=${this.say("transaction",{name:Ge(l.transaction)})}
>${Ge(l.transaction)}</a
>`:l?d` · <span title=${l.transaction}>${Ge(l.transaction)}</span>`:u}
<span class="index">· ${this.say("number",{n:C(e,r.index)})}</span>
</div>
</div>
<button
class="icon-button verify"
aria-expanded=${a}
title=${this.say("verify")}
aria-label=${this.say("verify")}
@click=${m}
>
${H("verify")}
</button>
<button
class="icon-button"
title=${this.say("download")}
aria-label=${this.say("download")}
@click=${()=>this.download(h)}
>
${H("download")}
</button>
</div>
${a?d`<sensorchain-check .hass=${e} .entity=${n} .reading=${r}></sensorchain-check>`:u}
</li>`}static{this.styles=[P,E`
dialog {
box-sizing: border-box;
width: min(680px, calc(100vw - 32px));
max-height: min(860px, calc(100dvh - 48px));
padding: 0;
border: none;
border-radius: var(--ha-dialog-border-radius, 24px);
color: var(--primary-text-color);
background: var(--ha-dialog-surface-background, var(--mdc-theme-surface, var(--sc-ground)));
--sc-ground: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
box-shadow: 0 12px 40px rgba(0, 0, 0, 0.35);
overflow: hidden;
}
dialog[open] {
display: flex;
animation: rise 180ms ease-out;
}
dialog::backdrop {
background: rgba(0, 0, 0, 0.5);
}
@keyframes rise {
from {
opacity: 0;
transform: translateY(12px);
}
}
.page {
display: flex;
flex-direction: column;
width: 100%;
min-height: 0;
}
header {
display: flex;
align-items: center;
gap: 12px;
padding: 12px 20px 12px 8px;
}
header:dir(rtl) {
padding: 12px 8px 12px 20px;
}
.icon {
display: grid;
place-items: center;
flex: none;
width: 40px;
height: 40px;
border-radius: 50%;
background: color-mix(in srgb, currentColor 16%, transparent);
}
.names {
flex: 1;
min-width: 0;
}
h2 {
margin: 0;
font-size: var(--ha-font-size-l, 18px);
font-weight: var(--ha-font-weight-medium, 500);
line-height: 24px;
}
h2,
.names .secondary {
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
}
header .value {
flex: none;
font-size: var(--ha-font-size-2xl, 24px);
font-variant-numeric: tabular-nums;
}
.body {
flex: 1;
min-height: 0;
overflow-y: auto;
padding: 4px 20px 20px;
}
.axis {
display: flex;
justify-content: space-between;
direction: ltr;
padding-top: 6px;
font-variant-numeric: tabular-nums;
}
.tools {
display: flex;
flex-wrap: wrap;
align-items: center;
gap: 8px;
padding: 16px 0 8px;
}
input[type='date'] {
box-sizing: border-box;
height: 40px;
padding: 0 12px;
border: 1px solid var(--sc-line);
border-radius: 20px;
font: inherit;
color: inherit;
background: none;
}
.all {
margin-inline-start: auto;
}
.problem {
margin: 8px 0;
padding: 10px 14px;
border-radius: 12px;
background: color-mix(in srgb, var(--sc-failed) 14%, transparent);
}
ol {
list-style: none;
margin: 0;
padding: 0;
}
li {
border-top: 1px solid color-mix(in srgb, var(--sc-line) 60%, transparent);
}
.reading {
display: flex;
align-items: center;
gap: 12px;
padding: 6px 0;
}
.mark {
font-size: 17px;
}
.what {
flex: 1;
min-width: 0;
}
.first {
display: flex;
justify-content: space-between;
gap: 12px;
line-height: 20px;
font-variant-numeric: tabular-nums;
}
.first b {
font-weight: var(--ha-font-weight-medium, 500);
overflow-wrap: anywhere;
text-align: end;
}
.first small {
font-size: inherit;
font-weight: normal;
color: var(--secondary-text-color);
}
.reading .icon-button {
margin-inline: -6px;
}
li.open .verify {
color: var(--primary-color);
}
.end {
text-align: center;
padding: 16px;
}
.older {
display: flex;
margin: 12px auto 0;
}
@media (max-width: 500px) {
dialog {
width: 100vw;
max-width: none;
height: 100dvh;
max-height: none;
margin: 0;
border-radius: 0;
}
.body {
padding-inline: 16px;
}
.all {
margin-inline-start: 0;
}
.index {
display: none;
}
}
`]}};g([v({attribute:!1})],L.prototype,"hass",2),g([w()],L.prototype,"entity",2),g([w()],L.prototype,"readings",2),g([w()],L.prototype,"next",2),g([w()],L.prototype,"day",2),g([w()],L.prototype,"isLoading",2),g([w()],L.prototype,"opened",2),g([w()],L.prototype,"problem",2);var br=5e3,jt="en",F=class extends k{constructor(){super(...arguments);this.tick=0;this.asked=new Map;this.problem="";this.clock=0}setConfig(e){this.config=e}static getStubConfig(){return{}}static getConfigForm(){return{schema:[{name:"ledger",selector:{device:{filter:[{integration:"sensorchain",model:"Ledger"}]}}}],computeLabel:()=>_(jt,"opt_ledger"),computeHelper:()=>_(jt,"opt_ledger_help")}}getCardSize(){return 4*Math.max(1,this.shown().length)}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.clock=window.setInterval(()=>this.tick++,br),this.follow()}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.clock),this.stop?.(),this.stop=this.overview=void 0}follow(){if(!this.hass||!this.isConnected)return;jt=this.hass.language;let e=A.of(this.hass.connection);e!==this.overview&&(this.stop?.(),this.overview=e,this.stop=e.listen(()=>this.requestUpdate()))}willUpdate(e){e.has("hass")&&this.follow()}shouldUpdate(e){let n=e.get("hass");return e.size!==1||!n||n.locale!==this.hass?.locale}shown(){let e=[...this.overview?.ledgers??[]];return this.config?.ledger?e.filter(([,n])=>n.device===this.config?.ledger):e}say(e,n){return _(this.hass?.language??"en",e,n)}render(){let{hass:e,overview:n}=this;if(!e||!n)return d`<ha-card></ha-card>`;let r=this.shown();return d`<ha-card>
${r.map(([o,s])=>this.ledger(e,o,s))}
${r.length?u:d`<p class="message">${this.emptiness(n)}</p>`}
${this.problem?d`<p class="problem" role="alert">${this.problem}</p>`:u}
</ha-card>`}emptiness(e){return e.problem?this.say("not_there",{error:e.problem}):this.say(e.isKnown?e.logs.size?"no_ledger":"nothing":"loading")}ledger(e,n,r){let o=this.overview?.logs.get(r.log);return d`<section aria-label=${r.title}>
<div class="head">
<span class="icon">${H("anchor")}</span>
<div class="names">
<h2><bdi>${r.title}</bdi></h2>
<div class="secondary">${o?.title}</div>
${r.is_trial?d`<div class="trial" title=${this.say("trial_means")}>${this.say("trial")}</div>`:u}
</div>
${this.connection(r)}
</div>
${r.error?d`<p class="problem">${r.error}</p>`:u} ${this.way(e,r,o?.size??0)}
<dl>
${this.facts(e,r).map(([s,a])=>d`<div>
<dt class="secondary">${this.say(s)}</dt>
<dd>${a}</dd>
</div>`)}
</dl>
${r.can_anchor?this.button(n,r,o?.size??0):u}
</section>`}connection(e){let[n,r]=e.rejected?["failed","rejected"]:e.connected===!1?["unreachable","disconnected"]:e.connected?["confirmed","connected"]:["recorded","asking"];return d`<span class="connection ${n}">${T(n)}<span>${this.say(r)}</span></span>`}way(e,n,r){let o=[["recorded",r-n.submitted_size],["submitted",n.submitted_size-n.confirmed_size],["confirmed",n.confirmed_size]];return d`<ol class="way">
${o.map(([s,a],l)=>d`<li class="${s} ${a||l===2?"some":""}">
<span class="stage">${T(s)}</span>
<span class="count">${C(e,a)}</span>
<span class="secondary">${this.say(s)}</span>
</li>`)}
</ol>`}facts(e,n){let r=[["last_anchor",this.lastAnchor(e,n)],["cadence",re(e,n.cadence)]];return n.seconds_to_confirmation!==null&&r.push(["usual",re(e,Math.max(1,n.seconds_to_confirmation))]),r.push(["cost",this.cost(n)]),n.cost?.balance&&r.push(["balance",this.balance(e,n)]),r.push(["next",this.expected(e,n)]),r}lastAnchor(e,n){let r=n.last_anchor??n.last_confirmed;if(!r)return this.say("never");let o=Date.parse(r.prepared_at),s=d`<time title=${G(e,o)}
>${Je(e,o,this.overview?.now()??Date.now())??this.say("just_now")}</time
>`;return r.explorer?d`<a href=${r.explorer} target="_blank" rel="noreferrer" title=${r.transaction}>${s}</a>`:s}expected(e,n){if(!(n.submitted_size>n.confirmed_size)||!n.expected_at)return"–";let o=Date.parse(n.expected_at),s=this.overview?.now()??Date.now();return o-s<6e4?this.say("any_moment"):this.say("about",{time:J(e,o,s,{seconds:!1})})}cost({cost:e}){if(!e)return this.say("free");let n=e.last?`${e.last} ${e.unit}`:"–";return e.spent?`${n}, ${this.say("spent",{amount:`${e.spent} ${e.unit}`})}`:n}balance(e,{cost:n}){if(!n)return"";let r=n.anchors_left===null?"":`, ${this.say("anchors_left",{n:C(e,n.anchors_left)})}`;return d`${n.is_low?T("overdue"):u} ${n.balance} ${n.unit}${r}`}button(e,n,r){let o=this.asked.get(e),s=o!==void 0&&n.confirmed_size<o,a=n.confirmed_size>=r,l=s?"anchoring":a?o===void 0?"up_to_date":"anchored":"anchor_now",c=s?n.submitted_size>=o?70:25:0;return d`<button
class="action anchor"
?disabled=${a||s||n.submitted_size>=r}
@click=${()=>this.anchor(e)}
>
${s?d`<span class="progress" style="inline-size: ${c}%"></span>`:u}
<span class="label" role=${o===void 0?u:"status"}
>${a?T("confirmed"):H("anchor")} ${this.say(l)}</span
>
</button>`}async anchor(e){if(this.hass){this.problem="";try{let n=await mn(this.hass,e);this.asked=new Map(this.asked).set(e,n)}catch(n){this.problem=n.message??String(n)}}}static{this.styles=[P,E`
ha-card {
height: 100%;
overflow: hidden;
}
section {
padding: 14px 16px 16px;
}
section + section {
border-top: 1px solid var(--sc-line);
}
.head {
display: flex;
align-items: center;
gap: 12px;
}
.icon {
display: grid;
place-items: center;
flex: none;
width: 36px;
height: 36px;
border-radius: 50%;
color: var(--primary-color);
background: color-mix(in srgb, currentColor 16%, transparent);
}
.names {
flex: 1;
min-width: 0;
}
h2 {
margin: 0;
font-size: inherit;
font-weight: var(--ha-font-weight-medium, 500);
line-height: 20px;
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
}
.connection {
flex: none;
display: inline-flex;
align-items: center;
gap: 6px;
font-size: var(--ha-font-size-s, 12px);
}
.connection span {
color: var(--primary-text-color);
}
.way {
display: grid;
grid-template-columns: repeat(3, 1fr);
list-style: none;
margin: 16px 0;
padding: 0;
}
.way li {
position: relative;
display: grid;
justify-items: center;
text-align: center;
}
.way li + li::before {
content: '';
position: absolute;
top: 14px;
inset-inline: calc(-50% + 22px) calc(50% + 22px);
height: 2px;
border-radius: 1px;
background: var(--sc-line);
}
.way li.submitted.some::before,
.way li.submitted.some + li::before {
background: linear-gradient(90deg, var(--sc-line) 30%, var(--sc-submitted) 50%, var(--sc-line) 70%);
background-size: 300% 100%;
animation: flow 1.6s linear infinite;
}
@keyframes flow {
from {
background-position: 100% 0;
}
to {
background-position: 0 0;
}
}
.stage {
display: grid;
place-items: center;
height: 30px;
font-size: 22px;
opacity: 0.45;
transition: opacity 300ms;
}
.some .stage {
opacity: 1;
}
.count {
color: var(--primary-text-color);
font-size: var(--ha-font-size-xl, 20px);
font-variant-numeric: tabular-nums;
line-height: 28px;
}
dl {
display: grid;
grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
gap: 10px 16px;
margin: 0 0 16px;
}
dd {
margin: 0;
line-height: 20px;
font-variant-numeric: tabular-nums;
}
.anchor {
position: relative;
width: 100%;
overflow: hidden;
}
.label {
position: relative;
display: inline-flex;
align-items: center;
gap: 8px;
}
.progress {
position: absolute;
inset-block: 0;
inset-inline-start: 0;
background: color-mix(in srgb, var(--primary-color) 24%, transparent);
transition: inline-size 900ms cubic-bezier(0.2, 0.8, 0.2, 1);
}
.trial {
display: inline-block;
margin-top: 4px;
padding: 1px 10px;
border-radius: 99px;
background: color-mix(in srgb, var(--sc-warning) 16%, transparent);
}
.problem {
margin: 12px 0 0;
padding: 8px 12px;
border-radius: 12px;
background: color-mix(in srgb, var(--sc-warning) 16%, transparent);
}
.message {
margin: 0;
padding: 24px 16px;
text-align: center;
}
`]}};g([v({attribute:!1})],F.prototype,"hass",2),g([w()],F.prototype,"config",2),g([w()],F.prototype,"tick",2),g([w()],F.prototype,"asked",2),g([w()],F.prototype,"problem",2);var Oe=72,ae=9,Wn=6,vr=8,j=class extends k{constructor(){super(...arguments);this.hours=24;this.height=24;this.width=0;this.version=0;this.marks=new Map;this.isVisible=!1;this.followed="";this.watched=new IntersectionObserver(([e])=>{this.isVisible=e?.isIntersecting??!1,this.follow(),this.requestUpdate()});this.sized=new ResizeObserver(([e])=>this.width=Math.round(e?.contentRect.width??0));this.clock=0}connectedCallback(){super.connectedCallback(),this.watched.observe(this),this.sized.observe(this),this.clock=window.setInterval(()=>this.isVisible&&this.version++,Math.max(5,this.seconds/2)*1e3)}disconnectedCallback(){super.disconnectedCallback(),this.watched.disconnect(),this.sized.disconnect(),window.clearInterval(this.clock),this.isVisible=!1,this.follow()}get seconds(){return this.hours*3600/Oe}follow(){let e=this.isVisible?`${this.entity.log}/${this.entity.entity_id}/${this.hours}`:"";if(e===this.followed||(this.stop?.(),this.stop=void 0,this.followed=e,!e))return;let n=this.hass.connection.subscribeMessage(r=>this.receive(r),{type:"sensorchain/timeline",log:this.entity.log,entity_id:this.entity.entity_id,hours:this.hours,slot:this.seconds});n.catch(()=>{}),this.stop=()=>{n.then(r=>r()).catch(()=>{})}}receive(e){e.full&&this.marks.clear();for(let n of e.slots)this.add(n);this.version++}add([e,n,r,o,s]){let a=this.marks.get(e);this.marks.set(e,{count:n+(a?.count??0),first:a?.first??r,last:o,value:s.trim()===""?NaN:Number(s)})}shouldUpdate(){return this.isVisible||!this.hasUpdated}willUpdate(e){(e.has("entity")||e.has("hours"))&&this.follow()}render(){let e=Math.floor(A.of(this.hass.connection).now()/1e3/this.seconds),n=e-Oe+1,r=[];for(let[o,s]of this.marks)o<n?this.marks.delete(o):r.push([Math.min(o,e)-n,s]);return d`<svg
role="img"
aria-label=${this.label(r)}
viewBox="0 0 ${this.width} ${this.total}"
width=${this.width}
height=${this.total}
>
${this.width?[this.line(r),this.beads(r)]:u}
</svg>`}get total(){return this.height+Wn+ae}get pitch(){return this.width/Oe}label(e){let n=r=>r.reduce((o,[,s])=>o+s.count,0);return _(this.hass.language,"timeline",{n:C(this.hass,n(e)),time:re(this.hass,this.hours*3600),confirmed:C(this.hass,n(e.filter(([,r])=>this.status(r)==="confirmed")))})}status(e){return e.last<this.log.confirmed_size?"confirmed":e.last<this.log.submitted_size?"submitted":this.entity.status==="failed"?"failed":"recorded"}beads(e){let n=Math.max(1.75,Math.min(6,this.pitch*.64)),r=this.height+Wn,o=new Map(e),s=[],a="",l="";for(let c=0;c<Oe;c++){let m=(c+.5)*this.pitch,h=o.get(c),p=h&&this.status(h);p?p==="confirmed"&&c<Oe-vr?a+=`M${m.toFixed(1)} ${r+n/2}v${ae-n}`:s.push(wr(p,m-n/2,r,n)):l+=`M${m.toFixed(1)} ${r+ae/2}h0`}return S`<path class="empty" d=${l} /><path class="all confirmed" stroke-width=${n} d=${a} />${s}`}line(e){let n=e.filter(([,m])=>Number.isFinite(m.value)).sort(([m],[h])=>m-h);if(n.length<2)return u;let r=n.map(([,m])=>m.value),o=Math.min(...r),s=Math.max(...r)-o,a=n.map(([m,h])=>{let p=1.5+(s?1-(h.value-o)/s:.5)*(this.height-3);return`${((m+.5)*this.pitch).toFixed(1)} ${p.toFixed(1)}`}),[l="0"]=a[0]?.split(" ")??[],[c="0"]=a[a.length-1]?.split(" ")??[];return S`
<defs><linearGradient id="fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="top" /><stop offset="1" class="bottom" /></linearGradient></defs>
<path class="area" d="M${l} ${this.height}L${a.join("L")}L${c} ${this.height}Z" />
<path class="line" d="M${a.join("L")}" />`}static{this.styles=[P,E`
:host {
display: block;
direction: ltr;
--sc-value: var(--sc-value-color, var(--primary-color));
}
svg {
display: block;
overflow: visible;
}
.line {
fill: none;
stroke: var(--sc-value);
stroke-width: 1.5;
stroke-linejoin: round;
stroke-linecap: round;
}
.area {
fill: url(#fade);
}
.top {
stop-color: var(--sc-value);
stop-opacity: 0.22;
}
.bottom {
stop-color: var(--sc-value);
stop-opacity: 0;
}
.empty,
.all {
fill: none;
stroke-linecap: round;
}
.empty {
stroke: var(--sc-line);
stroke-width: 1.8;
}
.all {
stroke: currentColor;
}
.outline {
fill: none;
stroke: currentColor;
stroke-width: 1;
}
.content {
fill: currentColor;
transform-box: fill-box;
transform-origin: bottom;
transition: transform 600ms cubic-bezier(0.2, 0.8, 0.2, 1);
}
.recorded .content {
transform: scaleY(0);
}
.submitted .content {
transform: scaleY(0.5);
}
g {
transition: color 600ms;
}
`]}};g([v({attribute:!1})],j.prototype,"hass",2),g([v({attribute:!1})],j.prototype,"entity",2),g([v({attribute:!1})],j.prototype,"log",2),g([v({type:Number})],j.prototype,"hours",2),g([v({type:Number})],j.prototype,"height",2),g([w()],j.prototype,"width",2),g([w()],j.prototype,"version",2);function wr(i,t,e,n){let r=n/2;if(i==="failed"){let o=s=>S`<rect class="content" x=${t} y=${s} width=${n} height=${ae/3} />`;return S`<g class="failed">${o(e)}${o(e+2*ae/3)}</g>`}return S`<g class=${i}>
<rect class="outline" x=${t+.5} y=${e+.5} width=${n-1} height=${ae-1} rx=${r-.5} />
<rect class="content" x=${t} y=${e} width=${n} height=${ae} rx=${r} />
</g>`}var _r={"sensorchain-card":W,"sensorchain-ledger-card":F,"sensorchain-row":M,"sensorchain-timeline":j,"sensorchain-dialog":L,"sensorchain-check":N};for(let[i,t]of Object.entries(_r))customElements.get(i)||customElements.define(i,t);var Zn="https://github.com/sensorchain/sensorchain/blob/main/docs/card.md",dt=document.documentElement.lang||navigator.language,xr=[{type:"sensorchain-card",name:_(dt,"card_name"),description:_(dt,"card_about"),preview:!0,documentationURL:Zn,getEntitySuggestion:(i,t)=>$r(i,t)?{config:{type:"custom:sensorchain-card",entities:[t]}}:null},{type:"sensorchain-ledger-card",name:_(dt,"ledger_name"),description:_(dt,"ledger_about"),preview:!0,documentationURL:Zn}];function $r(i,t){return Object.values(i.states).some(({attributes:e})=>e.source===t&&"last_confirmed"in e)}window.customCards??=[];for(let i of xr)window.customCards.some(t=>t.type===i.type)||window.customCards.push(i);
