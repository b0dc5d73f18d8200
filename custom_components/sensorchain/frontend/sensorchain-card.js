var Pn=Object.defineProperty;var On=Object.getOwnPropertyDescriptor;var u=(r,t,e,n)=>{for(var o=n>1?void 0:n?On(t,e):t,i=r.length-1,s;i>=0;i--)(s=r[i])&&(o=(n?s(t,e,o):s(o))||o);return n&&o&&Pn(t,e,o),o};/**
 * @license
 * Copyright 2019 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Te=globalThis,Re=Te.ShadowRoot&&(Te.ShadyCSS===void 0||Te.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Qe=Symbol(),Rt=new WeakMap,ue=class{constructor(t,e,n){if(this._$cssResult$=!0,n!==Qe)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(Re&&t===void 0){let n=e!==void 0&&e.length===1;n&&(t=Rt.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),n&&Rt.set(e,t))}return t}toString(){return this.cssText}},Pt=r=>new ue(typeof r=="string"?r:r+"",void 0,Qe),S=(r,...t)=>{let e=r.length===1?r[0]:t.reduce((n,o,i)=>n+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(o)+r[i+1],r[0]);return new ue(e,r,Qe)},Ot=(r,t)=>{if(Re)r.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let n=document.createElement("style"),o=Te.litNonce;o!==void 0&&n.setAttribute("nonce",o),n.textContent=e.cssText,r.appendChild(n)}},et=Re?r=>r:r=>r instanceof CSSStyleSheet?(t=>{let e="";for(let n of t.cssRules)e+=n.cssText;return Pt(e)})(r):r;/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{is:Ln,defineProperty:Nn,getOwnPropertyDescriptor:Mn,getOwnPropertyNames:zn,getOwnPropertySymbols:Un,getPrototypeOf:jn}=Object,Pe=globalThis,Lt=Pe.trustedTypes,Hn=Lt?Lt.emptyScript:"",Bn=Pe.reactiveElementPolyfillSupport,me=(r,t)=>r,fe={toAttribute(r,t){switch(t){case Boolean:r=r?Hn:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,t){let e=r;switch(t){case Boolean:e=r!==null;break;case Number:e=r===null?null:Number(r);break;case Object:case Array:try{e=JSON.parse(r)}catch{e=null}}return e}},Oe=(r,t)=>!Ln(r,t),Nt={attribute:!0,type:String,converter:fe,reflect:!1,useDefault:!1,hasChanged:Oe};Symbol.metadata??=Symbol("metadata"),Pe.litPropertyMetadata??=new WeakMap;var B=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Nt){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let n=Symbol(),o=this.getPropertyDescriptor(t,n,e);o!==void 0&&Nn(this.prototype,t,o)}}static getPropertyDescriptor(t,e,n){let{get:o,set:i}=Mn(this.prototype,t)??{get(){return this[e]},set(s){this[e]=s}};return{get:o,set(s){let a=o?.call(this);i?.call(this,s),this.requestUpdate(t,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Nt}static _$Ei(){if(this.hasOwnProperty(me("elementProperties")))return;let t=jn(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(me("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(me("properties"))){let e=this.properties,n=[...zn(e),...Un(e)];for(let o of n)this.createProperty(o,e[o])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[n,o]of e)this.elementProperties.set(n,o)}this._$Eh=new Map;for(let[e,n]of this.elementProperties){let o=this._$Eu(e,n);o!==void 0&&this._$Eh.set(o,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let n=new Set(t.flat(1/0).reverse());for(let o of n)e.unshift(et(o))}else t!==void 0&&e.push(et(t));return e}static _$Eu(t,e){let n=e.attribute;return n===!1?void 0:typeof n=="string"?n:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let n of e.keys())this.hasOwnProperty(n)&&(t.set(n,this[n]),delete this[n]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Ot(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,n){this._$AK(t,n)}_$ET(t,e){let n=this.constructor.elementProperties.get(t),o=this.constructor._$Eu(t,n);if(o!==void 0&&n.reflect===!0){let i=(n.converter?.toAttribute!==void 0?n.converter:fe).toAttribute(e,n.type);this._$Em=t,i==null?this.removeAttribute(o):this.setAttribute(o,i),this._$Em=null}}_$AK(t,e){let n=this.constructor,o=n._$Eh.get(t);if(o!==void 0&&this._$Em!==o){let i=n.getPropertyOptions(o),s=typeof i.converter=="function"?{fromAttribute:i.converter}:i.converter?.fromAttribute!==void 0?i.converter:fe;this._$Em=o;let a=s.fromAttribute(e,i.type);this[o]=a??this._$Ej?.get(o)??a,this._$Em=null}}requestUpdate(t,e,n,o=!1,i){if(t!==void 0){let s=this.constructor;if(o===!1&&(i=this[t]),n??=s.getPropertyOptions(t),!((n.hasChanged??Oe)(i,e)||n.useDefault&&n.reflect&&i===this._$Ej?.get(t)&&!this.hasAttribute(s._$Eu(t,n))))return;this.C(t,e,n)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:n,reflect:o,wrapped:i},s){n&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,s??e??this[t]),i!==!0||s!==void 0)||(this._$AL.has(t)||(this.hasUpdated||n||(e=void 0),this._$AL.set(t,e)),o===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[o,i]of this._$Ep)this[o]=i;this._$Ep=void 0}let n=this.constructor.elementProperties;if(n.size>0)for(let[o,i]of n){let{wrapped:s}=i,a=this[o];s!==!0||this._$AL.has(o)||a===void 0||this.C(o,void 0,i,a)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(n=>n.hostUpdate?.()),this.update(e)):this._$EM()}catch(n){throw t=!1,this._$EM(),n}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};B.elementStyles=[],B.shadowRootOptions={mode:"open"},B[me("elementProperties")]=new Map,B[me("finalized")]=new Map,Bn?.({ReactiveElement:B}),(Pe.reactiveElementVersions??=[]).push("2.1.2");/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var at=globalThis,Mt=r=>r,Le=at.trustedTypes,zt=Le?Le.createPolicy("lit-html",{createHTML:r=>r}):void 0,Vt="$lit$",D=`lit$${Math.random().toFixed(9).slice(2)}$`,Dt="?"+D,In=`<${Dt}>`,X=document,ye=()=>X.createComment(""),be=r=>r===null||typeof r!="object"&&typeof r!="function",lt=Array.isArray,Vn=r=>lt(r)||typeof r?.[Symbol.iterator]=="function",tt=`[ 	
\f\r]`,ge=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ut=/-->/g,jt=/>/g,W=RegExp(`>|${tt}(?:([^\\s"'>=/]+)(${tt}*=${tt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Ht=/'/g,Bt=/"/g,Ft=/^(?:script|style|textarea|title)$/i,ct=r=>(t,...e)=>({_$litType$:r,strings:t,values:e}),c=ct(1),A=ct(2),so=ct(3),Y=Symbol.for("lit-noChange"),h=Symbol.for("lit-nothing"),It=new WeakMap,Z=X.createTreeWalker(X,129);function qt(r,t){if(!lt(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return zt!==void 0?zt.createHTML(t):t}var Dn=(r,t)=>{let e=r.length-1,n=[],o,i=t===2?"<svg>":t===3?"<math>":"",s=ge;for(let a=0;a<e;a++){let l=r[a],d,m,p=-1,f=0;for(;f<l.length&&(s.lastIndex=f,m=s.exec(l),m!==null);)f=s.lastIndex,s===ge?m[1]==="!--"?s=Ut:m[1]!==void 0?s=jt:m[2]!==void 0?(Ft.test(m[2])&&(o=RegExp("</"+m[2],"g")),s=W):m[3]!==void 0&&(s=W):s===W?m[0]===">"?(s=o??ge,p=-1):m[1]===void 0?p=-2:(p=s.lastIndex-m[2].length,d=m[1],s=m[3]===void 0?W:m[3]==='"'?Bt:Ht):s===Bt||s===Ht?s=W:s===Ut||s===jt?s=ge:(s=W,o=void 0);let y=s===W&&r[a+1].startsWith("/>")?" ":"";i+=s===ge?l+In:p>=0?(n.push(d),l.slice(0,p)+Vt+l.slice(p)+D+y):l+D+(p===-2?a:y)}return[qt(r,i+(r[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),n]},ve=class r{constructor({strings:t,_$litType$:e},n){let o;this.parts=[];let i=0,s=0,a=t.length-1,l=this.parts,[d,m]=Dn(t,e);if(this.el=r.createElement(d,n),Z.currentNode=this.el.content,e===2||e===3){let p=this.el.content.firstChild;p.replaceWith(...p.childNodes)}for(;(o=Z.nextNode())!==null&&l.length<a;){if(o.nodeType===1){if(o.hasAttributes())for(let p of o.getAttributeNames())if(p.endsWith(Vt)){let f=m[s++],y=o.getAttribute(p).split(D),_=/([.?@])?(.*)/.exec(f);l.push({type:1,index:i,name:_[2],strings:y,ctor:_[1]==="."?rt:_[1]==="?"?ot:_[1]==="@"?it:oe}),o.removeAttribute(p)}else p.startsWith(D)&&(l.push({type:6,index:i}),o.removeAttribute(p));if(Ft.test(o.tagName)){let p=o.textContent.split(D),f=p.length-1;if(f>0){o.textContent=Le?Le.emptyScript:"";for(let y=0;y<f;y++)o.append(p[y],ye()),Z.nextNode(),l.push({type:2,index:++i});o.append(p[f],ye())}}}else if(o.nodeType===8)if(o.data===Dt)l.push({type:2,index:i});else{let p=-1;for(;(p=o.data.indexOf(D,p+1))!==-1;)l.push({type:7,index:i}),p+=D.length-1}i++}}static createElement(t,e){let n=X.createElement("template");return n.innerHTML=t,n}};function re(r,t,e=r,n){if(t===Y)return t;let o=n!==void 0?e._$Co?.[n]:e._$Cl,i=be(t)?void 0:t._$litDirective$;return o?.constructor!==i&&(o?._$AO?.(!1),i===void 0?o=void 0:(o=new i(r),o._$AT(r,e,n)),n!==void 0?(e._$Co??=[])[n]=o:e._$Cl=o),o!==void 0&&(t=re(r,o._$AS(r,t.values),o,n)),t}var nt=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:n}=this._$AD,o=(t?.creationScope??X).importNode(e,!0);Z.currentNode=o;let i=Z.nextNode(),s=0,a=0,l=n[0];for(;l!==void 0;){if(s===l.index){let d;l.type===2?d=new we(i,i.nextSibling,this,t):l.type===1?d=new l.ctor(i,l.name,l.strings,this,t):l.type===6&&(d=new st(i,this,t)),this._$AV.push(d),l=n[++a]}s!==l?.index&&(i=Z.nextNode(),s++)}return Z.currentNode=X,o}p(t){let e=0;for(let n of this._$AV)n!==void 0&&(n.strings!==void 0?(n._$AI(t,n,e),e+=n.strings.length-2):n._$AI(t[e])),e++}},we=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,n,o){this.type=2,this._$AH=h,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=n,this.options=o,this._$Cv=o?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=re(this,t,e),be(t)?t===h||t==null||t===""?(this._$AH!==h&&this._$AR(),this._$AH=h):t!==this._$AH&&t!==Y&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Vn(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==h&&be(this._$AH)?this._$AA.nextSibling.data=t:this.T(X.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:n}=t,o=typeof n=="number"?this._$AC(t):(n.el===void 0&&(n.el=ve.createElement(qt(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===o)this._$AH.p(e);else{let i=new nt(o,this),s=i.u(this.options);i.p(e),this.T(s),this._$AH=i}}_$AC(t){let e=It.get(t.strings);return e===void 0&&It.set(t.strings,e=new ve(t)),e}k(t){lt(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,n,o=0;for(let i of t)o===e.length?e.push(n=new r(this.O(ye()),this.O(ye()),this,this.options)):n=e[o],n._$AI(i),o++;o<e.length&&(this._$AR(n&&n._$AB.nextSibling,o),e.length=o)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let n=Mt(t).nextSibling;Mt(t).remove(),t=n}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},oe=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,n,o,i){this.type=1,this._$AH=h,this._$AN=void 0,this.element=t,this.name=e,this._$AM=o,this.options=i,n.length>2||n[0]!==""||n[1]!==""?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=h}_$AI(t,e=this,n,o){let i=this.strings,s=!1;if(i===void 0)t=re(this,t,e,0),s=!be(t)||t!==this._$AH&&t!==Y,s&&(this._$AH=t);else{let a=t,l,d;for(t=i[0],l=0;l<i.length-1;l++)d=re(this,a[n+l],e,l),d===Y&&(d=this._$AH[l]),s||=!be(d)||d!==this._$AH[l],d===h?t=h:t!==h&&(t+=(d??"")+i[l+1]),this._$AH[l]=d}s&&!o&&this.j(t)}j(t){t===h?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},rt=class extends oe{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===h?void 0:t}},ot=class extends oe{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==h)}},it=class extends oe{constructor(t,e,n,o,i){super(t,e,n,o,i),this.type=5}_$AI(t,e=this){if((t=re(this,t,e,0)??h)===Y)return;let n=this._$AH,o=t===h&&n!==h||t.capture!==n.capture||t.once!==n.once||t.passive!==n.passive,i=t!==h&&(n===h||o);o&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},st=class{constructor(t,e,n){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(t){re(this,t)}};var Fn=at.litHtmlPolyfillSupport;Fn?.(ve,we),(at.litHtmlVersions??=[]).push("3.3.3");var Kt=(r,t,e)=>{let n=e?.renderBefore??t,o=n._$litPart$;if(o===void 0){let i=e?.renderBefore??null;n._$litPart$=o=new we(t.insertBefore(ye(),i),i,void 0,e??{})}return o._$AI(r),o};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var dt=globalThis,$=class extends B{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=Kt(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return Y}};$._$litElement$=!0,$.finalized=!0,dt.litElementHydrateSupport?.({LitElement:$});var qn=dt.litElementPolyfillSupport;qn?.({LitElement:$});(dt.litElementVersions??=[]).push("4.2.2");/**
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
 */var Kn={attribute:!0,type:String,converter:fe,reflect:!1,hasChanged:Oe},Jn=(r=Kn,t,e)=>{let{kind:n,metadata:o}=e,i=globalThis.litPropertyMetadata.get(o);if(i===void 0&&globalThis.litPropertyMetadata.set(o,i=new Map),n==="setter"&&((r=Object.create(r)).wrapped=!0),i.set(e.name,r),n==="accessor"){let{name:s}=e;return{set(a){let l=t.get.call(this);t.set.call(this,a),this.requestUpdate(s,l,r,!0,a)},init(a){return a!==void 0&&this.C(s,void 0,r,a),a}}}if(n==="setter"){let{name:s}=e;return function(a){let l=this[s];t.call(this,a),this.requestUpdate(s,l,r,!0,a)}}throw Error("Unsupported decorator location: "+n)};function w(r){return(t,e)=>typeof e=="object"?Jn(r,t,e):((n,o,i)=>{let s=o.hasOwnProperty(i);return o.constructor.createProperty(i,n),s?Object.getOwnPropertyDescriptor(o,i):void 0})(r,t,e)}/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */function b(r){return w({...r,state:!0,attribute:!1})}/**
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
 */var k=class r{constructor(t){this.connection=t;this.logs=new Map;this.ledgers=new Map;this.entities=new Map;this.isKnown=!1;this.listeners=new Set;this.clockLag=0}static{this.all=new WeakMap}static of(t){let e=r.all.get(t);return e||r.all.set(t,e=new r(t)),e}listen(t){return this.listeners.add(t),this.subscription??=this.subscribe(),()=>{this.listeners.delete(t),this.listeners.size||this.unsubscribe()}}now(){return Date.now()+this.clockLag}subscribe(){let t=this.connection.subscribeMessage(e=>this.receive(e),{type:"sensorchain/overview"});return t.catch(e=>{this.problem=e.message??String(e),this.subscription=void 0,this.tell()}),t}unsubscribe(){this.subscription?.then(t=>t()).catch(()=>{}),this.subscription=void 0,this.isKnown=!1}receive(t){this.problem=void 0,this.clockLag=Date.parse(t.now)-Date.now();for(let[e,n]of[[this.logs,t.logs],[this.ledgers,t.ledgers],[this.entities,t.entities]])t.full&&e.clear(),Gn(e,n);this.isKnown=!0,this.tell()}tell(){for(let t of this.listeners)t()}};function Gn(r,t){for(let[e,n]of Object.entries(t))n===null?r.delete(e):r.set(e,n)}function ht(r,t,e){return r.callWS({type:"sensorchain/readings",log:t.log,entity_id:t.entity_id,...e})}function Jt(r,t,e){return r.callWS({type:"sensorchain/proof",log:t.log,entity_id:t.entity_id,index:e})}async function Gt(r,t,e){let n={type:"sensorchain/verify",log:t.log,entity_id:t.entity_id,index:e};return(await r.callWS(n)).ledgers}async function Wt(r,t){return(await r.callWS({type:"sensorchain/anchor",ledger:t})).size}async function Zt(r,t,e){let n=new URLSearchParams({entity_id:t.entity_id,...e}),{path:o}=await r.callWS({type:"auth/sign_path",path:`/api/sensorchain/bundle/${t.log}?${n}`,expires:300}),i=document.createElement("a");i.href=r.hassUrl(o),i.download="",document.body.append(i),i.click(),i.remove()}var Xt=[["day",86400],["hour",3600],["minute",60]];function pt(r){return r.locale.time_zone==="server"?{timeZone:r.config.time_zone}:{}}function Wn(r){let t=r.locale.time_format;return t==="12"?{hourCycle:"h12"}:t==="24"?{hourCycle:"h23"}:{}}function Me(r,t,e){let n=Math.round((e-t)/1e3),[o,i]=Xt.find(([,a])=>n>=a)??[];return!o||!i?void 0:new Intl.RelativeTimeFormat(r.locale.language,{style:"short",numeric:"always"}).format(-Math.floor(n/i),o)}function F(r,t,e,n={}){let o=new Intl.DateTimeFormat(r.locale.language,{dateStyle:"short",...pt(r)}),i=o.format(t)===o.format(e);return new Intl.DateTimeFormat(r.locale.language,{...i?{}:{day:"numeric",month:"short"},hour:"2-digit",minute:"2-digit",...n.seconds===!1?{}:{second:"2-digit"},...pt(r),...Wn(r)}).format(t)}function q(r,t){return new Intl.DateTimeFormat(r.locale.language,{dateStyle:"full",timeStyle:"long",...pt(r)}).format(t)}function ut(r){let[t=0,e=1,n=1]=r.split("-").map(Number);return{start:new Date(t,e-1,n).toISOString(),stop:new Date(t,e-1,n+1).toISOString()}}function E(r,t){return new Intl.NumberFormat(r.locale.language).format(t)}function Q(r,t){let[e,n]=Xt.find(([,i])=>t>=2*i)??["second",1],o=Math.round(t/n*(n===1?1:10))/(n===1?1:10);return new Intl.NumberFormat(r.locale.language,{style:"unit",unit:e,unitDisplay:"short"}).format(o)}function ze(r,t=10){return r.length>t+2?`${r.slice(0,t)}…`:r}function ie(r){return r.replace(/ \(.*\)$/,"")}var Yt=A`<circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.75" />`,Zn=A`<path d="M10 2.2 18.2 17H1.8Z" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round" />`,Xn={recorded:A`${Yt}<circle cx="10" cy="10" r="1.75" fill="currentColor" />`,submitted:A`${Yt}<path d="M10 5.2a4.8 4.8 0 0 0 0 9.6Z" fill="currentColor" />`,confirmed:A`<circle cx="10" cy="10" r="8.1" fill="currentColor" /><path class="cut" d="m6.2 10.3 2.6 2.6 5-5.4" fill="none" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" />`,failed:A`<path d="M6.6 2h6.8L18 6.6v6.8L13.4 18H6.6L2 13.4V6.6Z" fill="currentColor" /><path class="cut" d="m7.2 7.2 5.6 5.6m0-5.6-5.6 5.6" fill="none" stroke-width="1.9" stroke-linecap="round" />`,overdue:A`${Zn}<path d="M10 7.5v4.2" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" /><circle cx="10" cy="14.2" r="1" fill="currentColor" />`,unreachable:A`<path d="M2.6 2.6l14.8 14.8M7 5.2A7.2 7.2 0 0 1 16.6 13M13 14.8A7.2 7.2 0 0 1 5.2 5.9" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" />`};function C(r){let t=r?Xn[r]:A`<circle cx="10" cy="10" r="2" fill="currentColor" />`;return c`<svg class="glyph ${r??"none"}" viewBox="0 0 20 20" aria-hidden="true">${t}</svg>`}var Yn={open:"M14 3v2h3.59l-9.83 9.83 1.41 1.41L19 6.41V10h2V3m-2 16H5V5h7V3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-7h-2v7Z",close:"M19 6.41 17.59 5 12 10.59 6.41 5 5 6.41 10.59 12 5 17.59 6.41 19 12 13.41 17.59 19 19 17.59 13.41 12Z",verify:"m10 17-4-4 1.41-1.41L10 14.17l6.59-6.59L18 9m-6-8L3 5v6c0 5.55 3.84 10.74 9 12 5.16-1.26 9-6.45 9-12V5l-9-4Z",download:"M5 20h14v-2H5m14-9h-4V3H9v6H5l7 7 7-7Z",anchor:"M12 2a3 3 0 0 1 1 5.83V10h4v2h-4v7.92c2.5-.37 4.5-2 5.28-4.18L16.5 16l3.2-4 2.8 4.2-1.9-.1C19.7 19.6 16.2 22 12 22s-7.7-2.4-8.6-5.9l-1.9.1 2.8-4.2 3.2 4-1.78-.26A6.8 6.8 0 0 0 11 19.92V12H7v-2h4V7.83A3 3 0 0 1 12 2m0 2a1 1 0 1 0 0 2 1 1 0 0 0 0-2Z",lock:"M12 17a2 2 0 0 0 0-4 2 2 0 0 0 0 4m6-9a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2h1V6a5 5 0 0 1 10 0v2h1m-6-5a3 3 0 0 0-3 3v2h6V6a3 3 0 0 0-3-3Z"};function j(r){return c`<svg class="symbol" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${Yn[r]} fill="currentColor" />
  </svg>`}var T=S`
  :host {
    --sc-recorded: var(--secondary-text-color, #727272);
    --sc-submitted: var(--info-color, #039be5);
    --sc-confirmed: var(--success-color, #43a047);
    --sc-failed: var(--error-color, #db4437);
    --sc-warning: var(--warning-color, #ffa600);
    --sc-ground: var(--ha-card-background, var(--card-background-color, #fff));
    --sc-line: var(--divider-color, rgba(0, 0, 0, 0.12));
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
    color: var(--primary-color);
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
    color: var(--primary-color);
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
`;var en={card:"Readings that others can check",card_name:"SensorChain readings",card_about:"Recorded entities, and how far their readings have come.",ledger_name:"SensorChain ledger",ledger_about:"What awaits confirmation, the last anchor, its cost; anchor now.",recorded:"Recorded",submitted:"Submitted",confirmed:"Confirmed",failed:"Refused",overdue:"Overdue",unreachable:"Ledger unreachable",waiting:"No reading yet",all_confirmed:"All confirmed",n_confirmed:"{n} of {total} confirmed",just_now:"just now",last_confirmed:"confirmed {time}",never_confirmed:"none confirmed yet",span:"Last {time}",now:"now",timeline:"{n} readings in the last {time}, {confirmed} of them confirmed",show_all:"Show all {n}",show_less:"Show fewer",nothing:"Nothing is recorded yet",nothing_help:"Add a log under Settings, Devices & services, SensorChain.",nothing_chosen:"None of the chosen entities is recorded",loading:"Loading…",not_there:"SensorChain does not answer: {error}",readings:"Readings",newest:"Newest",day:"Day",all_days:"All days",older:"Older readings",no_readings:"No readings on this day",close:"Close",number:"Number {n}",public:"Published in clear",private:"Only its hash leaves your home",transaction:"Transaction {name} in the explorer",verify:"Verify now",verifying:"Verifying…",download:"Download proof",download_all:"Download proof of these readings",step_leaf:"The reading, and its hash",step_key:"The log’s key",step_signature:"The log’s signature of the checkpoint",checkpoint_of:"Checkpoint of {n} readings",step_inclusion:"The reading is part of the checkpoint",step_shown:"It is the reading that is shown here",step_ledger:"{ledger} holds this checkpoint",in_browser:"Checked in this browser",by_home:"Asked through Home Assistant",since:"at the latest since {time}",genuine:"Genuine. It existed {time} at the latest, and has not been changed since.",not_yet:"It is in the log, unchanged. No ledger has confirmed it yet.",not_asked:"The proof holds. The ledger could not be asked now.",forged:"This does not hold.",awaiting:"Awaiting confirmation",last_anchor:"Last anchor",cadence:"Anchors every",usual:"Usually confirmed after",next:"Next confirmation",cost:"Cost",free:"Free",spent:"{amount} in total",balance:"Balance",anchors_left:"for {n} anchors",connected:"Connected",disconnected:"Not reachable",rejected:"Refuses anchors",asking:"Not asked yet",anchor_now:"Anchor now",anchoring:"Anchoring…",anchored:"Confirmed",up_to_date:"All is confirmed",no_ledger:"This log has no ledger yet",never:"Never",about:"about {time}",any_moment:"any moment",opt_title:"Title",opt_title_help:"Leave empty for the log’s name; a single dash for none.",opt_entities:"Entities",opt_entities_help:"Leave empty for all that are recorded.",opt_log:"Log",opt_hours:"Hours in the timeline",opt_timeline:"Show the timeline",opt_legend:"Show the legend",opt_rows:"Entities to show at first",opt_sort:"Order",opt_sort_attention:"What needs attention first",opt_sort_name:"By name",opt_sort_given:"As chosen",opt_ledger:"Ledger",opt_ledger_help:"Leave empty for all ledgers."},Qn={card:"Messwerte, die andere prüfen können",card_name:"SensorChain-Messwerte",card_about:"Aufgezeichnete Entitäten, und wie weit ihre Messwerte sind.",ledger_name:"SensorChain-Ledger",ledger_about:"Was auf Bestätigung wartet, die letzte Verankerung, die Kosten; jetzt verankern.",recorded:"Aufgezeichnet",submitted:"Eingereicht",confirmed:"Bestätigt",failed:"Abgelehnt",overdue:"Überfällig",unreachable:"Ledger nicht erreichbar",waiting:"Noch kein Messwert",all_confirmed:"Alle bestätigt",n_confirmed:"{n} von {total} bestätigt",just_now:"gerade eben",last_confirmed:"bestätigt {time}",never_confirmed:"noch nichts bestätigt",span:"Letzte {time}",now:"jetzt",timeline:"{n} Messwerte in den letzten {time}, davon {confirmed} bestätigt",show_all:"Alle {n} zeigen",show_less:"Weniger zeigen",nothing:"Noch wird nichts aufgezeichnet",nothing_help:"Füge unter Einstellungen, Geräte & Dienste, SensorChain ein Log hinzu.",nothing_chosen:"Keine der gewählten Entitäten wird aufgezeichnet",loading:"Lädt…",not_there:"SensorChain antwortet nicht: {error}",readings:"Messwerte",newest:"Neueste",day:"Tag",all_days:"Alle Tage",older:"Ältere Messwerte",no_readings:"Keine Messwerte an diesem Tag",close:"Schließen",number:"Nummer {n}",public:"Im Klartext veröffentlicht",private:"Nur sein Hash verlässt dein Zuhause",transaction:"Transaktion {name} im Explorer",verify:"Jetzt prüfen",verifying:"Prüft…",download:"Beweis herunterladen",download_all:"Beweis dieser Messwerte herunterladen",step_leaf:"Der Messwert und sein Hash",step_key:"Der Schlüssel des Logs",step_signature:"Die Unterschrift des Logs unter dem Checkpoint",checkpoint_of:"Checkpoint von {n} Messwerten",step_inclusion:"Der Messwert ist Teil des Checkpoints",step_shown:"Es ist der Messwert, der hier gezeigt wird",step_ledger:"{ledger} hat diesen Checkpoint",in_browser:"In diesem Browser geprüft",by_home:"Über Home Assistant gefragt",since:"spätestens seit {time}",genuine:"Echt. Er bestand spätestens {time} und wurde seitdem nicht verändert.",not_yet:"Er steht unverändert im Log. Noch hat ihn kein Ledger bestätigt.",not_asked:"Der Beweis hält. Das Ledger konnte gerade nicht gefragt werden.",forged:"Das stimmt nicht.",awaiting:"Warten auf Bestätigung",last_anchor:"Letzte Verankerung",cadence:"Verankert alle",usual:"Meist bestätigt nach",next:"Nächste Bestätigung",cost:"Kosten",free:"Kostenlos",spent:"{amount} insgesamt",balance:"Guthaben",anchors_left:"für {n} Verankerungen",connected:"Verbunden",disconnected:"Nicht erreichbar",rejected:"Lehnt Verankerungen ab",asking:"Noch nicht gefragt",anchor_now:"Jetzt verankern",anchoring:"Wird verankert…",anchored:"Bestätigt",up_to_date:"Alles ist bestätigt",no_ledger:"Dieses Log hat noch kein Ledger",never:"Noch nie",about:"etwa {time}",any_moment:"jeden Moment",opt_title:"Titel",opt_title_help:"Leer: der Name des Logs; ein Bindestrich: keiner.",opt_entities:"Entitäten",opt_entities_help:"Leer: alle, die aufgezeichnet werden.",opt_log:"Log",opt_hours:"Stunden im Zeitverlauf",opt_timeline:"Zeitverlauf zeigen",opt_legend:"Legende zeigen",opt_rows:"Zunächst gezeigte Entitäten",opt_sort:"Reihenfolge",opt_sort_attention:"Was Aufmerksamkeit braucht, zuerst",opt_sort_name:"Nach Name",opt_sort_given:"Wie gewählt",opt_ledger:"Ledger",opt_ledger_help:"Leer: alle Ledger."},er={card:"Des relevés que d’autres peuvent vérifier",card_name:"Relevés SensorChain",card_about:"Les entités enregistrées, et où en sont leurs relevés.",ledger_name:"Registre SensorChain",ledger_about:"Ce qui attend confirmation, le dernier ancrage, son coût ; ancrer maintenant.",recorded:"Enregistré",submitted:"Soumis",confirmed:"Confirmé",failed:"Refusé",overdue:"En retard",unreachable:"Registre injoignable",waiting:"Pas encore de relevé",all_confirmed:"Tout est confirmé",n_confirmed:"{n} sur {total} confirmés",just_now:"à l’instant",last_confirmed:"confirmé {time}",never_confirmed:"rien de confirmé encore",span:"Dernières {time}",now:"maintenant",timeline:"{n} relevés dans les dernières {time}, dont {confirmed} confirmés",show_all:"Tout afficher ({n})",show_less:"Afficher moins",nothing:"Rien n’est encore enregistré",nothing_help:"Ajoutez un journal sous Paramètres, Appareils et services, SensorChain.",nothing_chosen:"Aucune des entités choisies n’est enregistrée",loading:"Chargement…",not_there:"SensorChain ne répond pas : {error}",readings:"Relevés",newest:"Récents",day:"Jour",all_days:"Tous les jours",older:"Relevés plus anciens",no_readings:"Aucun relevé ce jour",close:"Fermer",number:"Numéro {n}",public:"Publié en clair",private:"Seule son empreinte quitte la maison",transaction:"Transaction {name} dans l’explorateur",verify:"Vérifier",verifying:"Vérification…",download:"Télécharger la preuve",download_all:"Télécharger la preuve de ces relevés",step_leaf:"Le relevé et son empreinte",step_key:"La clé du journal",step_signature:"La signature du point de contrôle par le journal",checkpoint_of:"Point de contrôle de {n} relevés",step_inclusion:"Le relevé fait partie du point de contrôle",step_shown:"C’est bien le relevé affiché ici",step_ledger:"{ledger} contient ce point de contrôle",in_browser:"Vérifié dans ce navigateur",by_home:"Demandé par Home Assistant",since:"au plus tard depuis {time}",genuine:"Authentique. Il existait au plus tard {time} et n’a pas été modifié depuis.",not_yet:"Il est dans le journal, intact. Aucun registre ne l’a encore confirmé.",not_asked:"La preuve tient. Le registre n’a pas pu être interrogé.",forged:"Cela ne tient pas.",awaiting:"En attente de confirmation",last_anchor:"Dernier ancrage",cadence:"Ancre toutes les",usual:"Confirmé d’habitude après",next:"Prochaine confirmation",cost:"Coût",free:"Gratuit",spent:"{amount} au total",balance:"Solde",anchors_left:"pour {n} ancrages",connected:"Connecté",disconnected:"Injoignable",rejected:"Refuse les ancrages",asking:"Pas encore interrogé",anchor_now:"Ancrer maintenant",anchoring:"Ancrage…",anchored:"Confirmé",up_to_date:"Tout est confirmé",no_ledger:"Ce journal n’a pas encore de registre",never:"Jamais",about:"environ {time}",any_moment:"d’un instant à l’autre",opt_title:"Titre",opt_title_help:"Vide : le nom du journal ; un tiret : aucun.",opt_entities:"Entités",opt_entities_help:"Vide : toutes celles qui sont enregistrées.",opt_log:"Journal",opt_hours:"Heures dans la chronologie",opt_timeline:"Afficher la chronologie",opt_legend:"Afficher la légende",opt_rows:"Entités affichées au départ",opt_sort:"Ordre",opt_sort_attention:"D’abord ce qui demande attention",opt_sort_name:"Par nom",opt_sort_given:"Comme choisi",opt_ledger:"Registre",opt_ledger_help:"Vide : tous les registres."},tr={card:"Lecturas que otros pueden comprobar",card_name:"Lecturas de SensorChain",card_about:"Las entidades registradas y en qué punto están sus lecturas.",ledger_name:"Libro mayor de SensorChain",ledger_about:"Lo que espera confirmación, el último anclaje y su coste; anclar ahora.",recorded:"Registrada",submitted:"Enviada",confirmed:"Confirmada",failed:"Rechazada",overdue:"Con retraso",unreachable:"Libro inaccesible",waiting:"Aún sin lecturas",all_confirmed:"Todo confirmado",n_confirmed:"{n} de {total} confirmadas",just_now:"ahora mismo",last_confirmed:"confirmada {time}",never_confirmed:"aún nada confirmado",span:"Últimas {time}",now:"ahora",timeline:"{n} lecturas en las últimas {time}, {confirmed} confirmadas",show_all:"Mostrar las {n}",show_less:"Mostrar menos",nothing:"Aún no se registra nada",nothing_help:"Añade un registro en Ajustes, Dispositivos y servicios, SensorChain.",nothing_chosen:"Ninguna de las entidades elegidas se registra",loading:"Cargando…",not_there:"SensorChain no responde: {error}",readings:"Lecturas",newest:"Recientes",day:"Día",all_days:"Todos los días",older:"Lecturas anteriores",no_readings:"No hay lecturas ese día",close:"Cerrar",number:"Número {n}",public:"Publicada en claro",private:"Solo su hash sale de casa",transaction:"Transacción {name} en el explorador",verify:"Comprobar ahora",verifying:"Comprobando…",download:"Descargar prueba",download_all:"Descargar la prueba de estas lecturas",step_leaf:"La lectura y su hash",step_key:"La clave del registro",step_signature:"La firma del punto de control por el registro",checkpoint_of:"Punto de control de {n} lecturas",step_inclusion:"La lectura es parte del punto de control",step_shown:"Es la lectura que se muestra aquí",step_ledger:"{ledger} contiene este punto de control",in_browser:"Comprobado en este navegador",by_home:"Preguntado a través de Home Assistant",since:"a más tardar desde {time}",genuine:"Auténtica. Existía {time} a más tardar y no se ha modificado desde entonces.",not_yet:"Está en el registro, sin cambios. Ningún libro la ha confirmado aún.",not_asked:"La prueba es válida. No se pudo preguntar al libro ahora.",forged:"Esto no es válido.",awaiting:"Esperan confirmación",last_anchor:"Último anclaje",cadence:"Ancla cada",usual:"Suele confirmarse tras",next:"Próxima confirmación",cost:"Coste",free:"Gratis",spent:"{amount} en total",balance:"Saldo",anchors_left:"para {n} anclajes",connected:"Conectado",disconnected:"Inaccesible",rejected:"Rechaza anclajes",asking:"Aún sin preguntar",anchor_now:"Anclar ahora",anchoring:"Anclando…",anchored:"Confirmado",up_to_date:"Todo está confirmado",no_ledger:"Este registro aún no tiene libro",never:"Nunca",about:"unos {time}",any_moment:"en cualquier momento",opt_title:"Título",opt_title_help:"Vacío: el nombre del registro; un guion: ninguno.",opt_entities:"Entidades",opt_entities_help:"Vacío: todas las que se registran.",opt_log:"Registro",opt_hours:"Horas en la línea de tiempo",opt_timeline:"Mostrar la línea de tiempo",opt_legend:"Mostrar la leyenda",opt_rows:"Entidades mostradas al principio",opt_sort:"Orden",opt_sort_attention:"Primero lo que requiere atención",opt_sort_name:"Por nombre",opt_sort_given:"Como se eligieron",opt_ledger:"Libro mayor",opt_ledger_help:"Vacío: todos los libros."},nr={card:"Metingen die anderen kunnen controleren",card_name:"SensorChain-metingen",card_about:"Vastgelegde entiteiten, en hoe ver hun metingen zijn.",ledger_name:"SensorChain-grootboek",ledger_about:"Wat op bevestiging wacht, de laatste verankering, de kosten; nu verankeren.",recorded:"Vastgelegd",submitted:"Ingediend",confirmed:"Bevestigd",failed:"Geweigerd",overdue:"Te laat",unreachable:"Grootboek onbereikbaar",waiting:"Nog geen meting",all_confirmed:"Alles bevestigd",n_confirmed:"{n} van {total} bevestigd",just_now:"zojuist",last_confirmed:"bevestigd {time}",never_confirmed:"nog niets bevestigd",span:"Laatste {time}",now:"nu",timeline:"{n} metingen in de laatste {time}, waarvan {confirmed} bevestigd",show_all:"Alle {n} tonen",show_less:"Minder tonen",nothing:"Er wordt nog niets vastgelegd",nothing_help:"Voeg een log toe onder Instellingen, Apparaten & diensten, SensorChain.",nothing_chosen:"Geen van de gekozen entiteiten wordt vastgelegd",loading:"Laden…",not_there:"SensorChain antwoordt niet: {error}",readings:"Metingen",newest:"Nieuwste",day:"Dag",all_days:"Alle dagen",older:"Oudere metingen",no_readings:"Geen metingen op deze dag",close:"Sluiten",number:"Nummer {n}",public:"Leesbaar gepubliceerd",private:"Alleen de hash verlaat je huis",transaction:"Transactie {name} in de explorer",verify:"Nu controleren",verifying:"Controleren…",download:"Bewijs downloaden",download_all:"Bewijs van deze metingen downloaden",step_leaf:"De meting en haar hash",step_key:"De sleutel van het log",step_signature:"De handtekening van het log onder het checkpoint",checkpoint_of:"Checkpoint van {n} metingen",step_inclusion:"De meting is deel van het checkpoint",step_shown:"Het is de meting die hier wordt getoond",step_ledger:"{ledger} heeft dit checkpoint",in_browser:"In deze browser gecontroleerd",by_home:"Gevraagd via Home Assistant",since:"uiterlijk sinds {time}",genuine:"Echt. Zij bestond uiterlijk {time} en is sindsdien niet veranderd.",not_yet:"Zij staat onveranderd in het log. Nog geen grootboek heeft haar bevestigd.",not_asked:"Het bewijs klopt. Het grootboek kon nu niet worden gevraagd.",forged:"Dit klopt niet.",awaiting:"Wachten op bevestiging",last_anchor:"Laatste verankering",cadence:"Verankert elke",usual:"Meestal bevestigd na",next:"Volgende bevestiging",cost:"Kosten",free:"Gratis",spent:"{amount} in totaal",balance:"Saldo",anchors_left:"voor {n} verankeringen",connected:"Verbonden",disconnected:"Onbereikbaar",rejected:"Weigert verankeringen",asking:"Nog niet gevraagd",anchor_now:"Nu verankeren",anchoring:"Verankeren…",anchored:"Bevestigd",up_to_date:"Alles is bevestigd",no_ledger:"Dit log heeft nog geen grootboek",never:"Nooit",about:"ongeveer {time}",any_moment:"elk moment",opt_title:"Titel",opt_title_help:"Leeg: de naam van het log; een streepje: geen.",opt_entities:"Entiteiten",opt_entities_help:"Leeg: alles wat wordt vastgelegd.",opt_log:"Log",opt_hours:"Uren in de tijdlijn",opt_timeline:"Tijdlijn tonen",opt_legend:"Legenda tonen",opt_rows:"Entiteiten om eerst te tonen",opt_sort:"Volgorde",opt_sort_attention:"Wat aandacht nodig heeft eerst",opt_sort_name:"Op naam",opt_sort_given:"Zoals gekozen",opt_ledger:"Grootboek",opt_ledger_help:"Leeg: alle grootboeken."},Qt={en,de:Qn,fr:er,es:tr,nl:nr};function v(r,t,e={}){return(Qt[r]??Qt[r.split("-")[0]??""]??en)[t].replace(/\{(\w+)\}/g,(o,i)=>String(e[i]??o))}function _e(r,t){return String(r?.attributes.friendly_name??t.entity_id)}function mt(r,t){return!t||!customElements.get("ha-state-icon")?c`<ha-icon icon="mdi:link-variant"></ha-icon>`:c`<ha-state-icon .hass=${r} .stateObj=${t}></ha-state-icon>`}var N=class extends ${constructor(){super(...arguments);this.timeline=!0;this.hours=24;this.minute=0}render(){let{entity:e,state:n}=this,o=e.status;return c`<button class="row" aria-haspopup="dialog">
      <span class="head">
        <span class="icon ${o??"none"}">${mt(this.hass,n)}</span>
        <span class="names">
          <span class="first"><span class="name">${_e(n,e)}</span>${this.value()}</span>
          <span class="secondary">
            <span class="status">${C(o)} ${v(this.language,o??"waiting")}</span>
            <span class="last">${this.lastConfirmed()}</span>
          </span>
        </span>
      </span>
      ${this.timeline?c`<sensorchain-timeline
              .hass=${this.hass}
              .entity=${e}
              .log=${this.log}
              .hours=${this.hours}
            ></sensorchain-timeline>`:h}
    </button>`}value(){let{state:e,hass:n}=this,o=this.entity.reading,i=String(e?.attributes.unit_of_measurement??o?.unit??""),s=e?n.formatEntityState(e):`${o?.state??""}${i}`,a=i&&s.endsWith(i)?s.slice(0,-i.length).trimEnd():s;return c`<span class="value">${a}${a===s?h:c`<small> ${i}</small>`}</span>`}lastConfirmed(){let{confirmed:e,status:n}=this.entity,o=k.of(this.hass.connection);if(!e?.anchor?.confirmed_at)return n?` · ${v(this.language,"never_confirmed")}`:"";let i=Date.parse(e.anchor.confirmed_at),s=Me(this.hass,i,o.now())??v(this.language,"just_now"),a=n==="confirmed"?s:v(this.language,"last_confirmed",{time:s}),l=o.ledgers.get(e.anchor.ledger);return c` ·
      <time title=${q(this.hass,i)}>${a}</time>${l?c` · <span title=${l.title}>${ie(l.title)}</span>`:h}`}static{this.styles=[T,S`
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
    `]}};u([w({attribute:!1})],N.prototype,"state",2),u([w({attribute:!1})],N.prototype,"entity",2),u([w({attribute:!1})],N.prototype,"log",2),u([w({attribute:!1})],N.prototype,"language",2),u([w({type:Boolean})],N.prototype,"timeline",2),u([w({type:Number})],N.prototype,"hours",2),u([w({type:Number})],N.prototype,"minute",2);var Ue={hours_to_show:24,timeline:!0,legend:!0,rows:8,sort:"attention"},He=["failed","overdue","unreachable","recorded","submitted","confirmed",null],rr=["recorded","submitted","confirmed"],or=2e4,je,K=class extends ${constructor(){super(...arguments);this.isWhole=!1;this.minute=0;this.clock=0}setConfig(e){let{hours_to_show:n,entities:o,rows:i}=e;if(n!==void 0&&!(Number(n)>0))throw new Error("hours_to_show must be more than 0");if(i!==void 0&&!(Number(i)>0))throw new Error("rows must be more than 0");if(o!==void 0&&!Array.isArray(o))throw new Error("entities must be a list");this.config=e}static getStubConfig(){return{}}static getConfigForm(){let e=je?.hass.language??"en",n=[...je?.overview.logs??[]].map(([s,a])=>({value:s,label:a.title})),o=[...je?.overview.entities.values()??[]].map(s=>s.entity_id),i=["attention","name","given"].map(s=>({value:s,label:v(e,`opt_sort_${s}`)}));return{schema:[{name:"title",selector:{text:{}}},{name:"entities",selector:{entity:{multiple:!0,...o.length?{include_entities:o}:{}}}},...n.length>1?[{name:"log",selector:{select:{options:n,mode:"dropdown"}}}]:[],{name:"hours_to_show",default:Ue.hours_to_show,selector:{number:{min:1,max:744,mode:"box"}}},{name:"rows",default:Ue.rows,selector:{number:{min:1,max:500,mode:"box"}}},{name:"sort",default:Ue.sort,selector:{select:{options:i,mode:"dropdown"}}},{name:"timeline",default:!0,selector:{boolean:{}}},{name:"legend",default:!0,selector:{boolean:{}}}],computeLabel:({name:s})=>v(e,ir[s]??"opt_title"),computeHelper:({name:s})=>nn[s]?v(e,nn[s]):void 0}}getCardSize(){return 1+2*this.shown().length}getGridOptions(){return{columns:12,rows:"auto",min_columns:6,min_rows:2}}connectedCallback(){super.connectedCallback(),this.clock=window.setInterval(()=>this.minute++,or),this.follow()}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.clock),this.stop?.(),this.stop=this.overview=void 0}follow(){if(!this.hass||!this.isConnected)return;let e=k.of(this.hass.connection);je={hass:this.hass,overview:e},e!==this.overview&&(this.stop?.(),this.overview=e,this.stop=e.listen(()=>this.requestUpdate()))}willUpdate(e){e.has("hass")&&this.follow()}shouldUpdate(e){let n=e.get("hass");if(e.size!==1||!n||!this.hass)return!0;let{states:o,language:i,locale:s}=this.hass;return i!==n.language||s!==n.locale?!0:this.shown().some(a=>o[a.entity_id]!==n.states[a.entity_id])}option(e){return this.config?.[e]??Ue[e]}shown(){let e=this.config?.entities??[],n=[...this.overview?.entities.values()??[]].filter(l=>(!e.length||e.includes(l.entity_id))&&(!this.config?.log||l.log===this.config.log)),o=this.option("sort");if(o==="given")return n.sort((l,d)=>e.indexOf(l.entity_id)-e.indexOf(d.entity_id));let i=new Map(n.map(l=>[l,_e(this.hass?.states[l.entity_id],l)])),s=new Intl.Collator(this.hass?.locale.language,{numeric:!0}),a=(l,d)=>s.compare(i.get(l)??"",i.get(d)??"");return o==="name"?n.sort(a):n.sort((l,d)=>tn(l)-tn(d)||a(l,d))}say(e,n){return v(this.hass?.language??"en",e,n)}render(){return c`<ha-card>${this.content()}</ha-card> <sensorchain-dialog></sensorchain-dialog>`}content(){let{hass:e,overview:n}=this;if(!e||!n)return c``;if(n.problem)return this.message(this.say("not_there",{error:n.problem}));if(!n.isKnown)return this.message(this.say("loading"));let o=this.shown();if(!o.length)return n.entities.size?this.message(this.say("nothing_chosen")):this.message(this.say("nothing"),this.say("nothing_help"));let i=this.option("rows"),s=this.isWhole?o:o.slice(0,i);return c`${this.header(e,o)}
      <ul>
        ${s.map(a=>this.row(e,a))}
      </ul>
      ${o.length>i?c`<button class="more" @click=${()=>this.isWhole=!this.isWhole}>
              ${this.isWhole?this.say("show_less"):this.say("show_all",{n:E(e,o.length)})}
            </button>`:h}
      ${this.option("legend")?this.footer():h}`}message(e,n){return c`<div class="message">
      <p>${e}</p>
      ${n?c`<p class="secondary">${n}</p>`:h}
    </div>`}header(e,n){let o=this.config?.title?.trim()||this.logTitle(n);if(o==="-")return h;let i=n.filter(l=>l.status==="confirmed").length,s=n.map(l=>l.status).sort((l,d)=>He.indexOf(l)-He.indexOf(d))[0]??null,a=i===n.length;return c`<div class="header">
      <div class="titles">
        <h2>${o}</h2>
        ${this.option("timeline")?c`<div class="secondary">
                ${this.say("span",{time:Q(e,Number(this.option("hours_to_show"))*3600)})}
              </div>`:h}
      </div>
      <span class="summary ${a?"confirmed":s??"none"}" role="status">
        ${C(a?"confirmed":s)}
        <span
          >${a?this.say("all_confirmed"):this.say("n_confirmed",{n:i,total:n.length})}</span
        >
      </span>
    </div>`}logTitle(e){let o=[...new Set(e.map(i=>i.log))].map(i=>this.overview?.logs.get(i)?.title);return o.length===1&&o[0]?o[0]:this.say("readings")}row(e,n){let o=this.overview?.logs.get(n.log);return c`<li>
      <sensorchain-row
        .hass=${e}
        .state=${e.states[n.entity_id]}
        .entity=${n}
        .log=${o}
        .language=${e.language}
        .timeline=${this.option("timeline")}
        .hours=${Number(this.option("hours_to_show"))}
        .minute=${this.minute}
        @click=${()=>this.open(e,n)}
      ></sensorchain-row>
    </li>`}footer(){return c`<div class="footer secondary">
      ${["recorded","submitted","confirmed"].map(e=>c`<span class="legend">${C(e)} ${this.say(e)}</span>`)}
    </div>`}open(e,n){this.renderRoot.querySelector("sensorchain-dialog")?.show(e,n,Number(this.option("hours_to_show")))}static{this.styles=[T,S`
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
      .summary span {
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
      .more {
        padding: 10px 16px;
        text-align: center;
        color: var(--primary-color);
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
    `]}};u([w({attribute:!1})],K.prototype,"hass",2),u([b()],K.prototype,"config",2),u([b()],K.prototype,"isWhole",2),u([b()],K.prototype,"minute",2);function tn(r){return rr.includes(r.status)?He.length:He.indexOf(r.status)}var ir={title:"opt_title",entities:"opt_entities",log:"opt_log",hours_to_show:"opt_hours",rows:"opt_rows",sort:"opt_sort",timeline:"opt_timeline",legend:"opt_legend"},nn={title:"opt_title_help",entities:"opt_entities_help"};var R=class extends Error{constructor(){super(...arguments);this.line=null}},g=class extends R{constructor(){super(...arguments);this.code="malformed"}};var se=class extends R{constructor(){super(...arguments);this.code="signature"}},I=class extends R{constructor(){super(...arguments);this.code="proof"}};var rn="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",on=new Uint8Array(128).fill(255);for(let r=0;r<64;r++)on[rn.charCodeAt(r)]=r;var sr=new TextEncoder,ar=new TextDecoder("utf-8",{fatal:!0,ignoreBOM:!0}),lr=/\p{Surrogate}/u;function ae(r){if(lr.test(r))throw new g("Not Unicode text")}function xe(r){return ae(r),sr.encode(r)}function Be(r){try{return ar.decode(r)}catch{throw new g("Not UTF-8")}}function le(r){return Array.from(r,t=>t.toString(16).padStart(2,"0")).join("")}function Ie(r){let t="";for(let e=0;e<r.length;e+=3){let[n=0,o=0,i=0]=r.subarray(e,e+3),s=[n>>2,(n&3)<<4|o>>4,(o&15)<<2|i>>6,i&63],a=Math.min(r.length-e,3)+1;t+=s.map((l,d)=>d<a?rn[l]:"=").join("")}return t}function J(r){let t=r.endsWith("==")?2:r.endsWith("=")?1:0,e=new Uint8Array(Math.max(0,r.length/4*3-t)),n=r.length-t,o=0,i=0,s=0;for(let a=0;a<n;a++){let l=on[r.charCodeAt(a)]??255;if(l===255)throw new g("Not base64");o=(o<<6|l)&65535,i+=6,i>=8&&(e[s++]=o>>(i-=8))}if(r.length%4||(o&(1<<i)-1)!==0)throw new g("Not canonical base64");return e}function M(r,t){if(r.length!==t.length)return!1;for(let e=0;e<r.length;e++)if(r[e]!==t[e])return!1;return!0}function $e(...r){let t=new Uint8Array(r.reduce((n,o)=>n+o.length,0)),e=0;for(let n of r)t.set(n,e),e+=n.length;return t}function ee(r,t){return r.length<=t||r.length<=2*t&&Array.from(r).length<=t}var sn=Array.from({length:410},(r,t)=>t).filter(ur),an=sn.map(r=>BigInt.asUintN(64,cn(BigInt(r)<<192n,3n))),ln=sn.slice(0,8).map(r=>BigInt.asUintN(64,cn(BigInt(r)<<128n,2n))),cr=Int32Array.from(an.slice(0,64),dn),dr=Int32Array.from(ln,dn),P=64,hr=new Int32Array(64),ce=new Uint8Array(2*P),G=class{constructor(){this.state=dr.slice();this.rest=new Uint8Array(P);this.length=0}update(t){let e=this.length%P;this.length+=t.length;let n=0;if(e){if(n=Math.min(P-e,t.length),this.rest.set(t.subarray(0,n),e),e+n<P)return this;ft(this.state,this.rest,0)}for(;n+P<=t.length;n+=P)ft(this.state,t,n);return this.rest.set(t.subarray(n)),this}digest(){let t=this.state.slice(),e=this.length%P,n=e<P-8?P:2*P;ce.fill(0),ce.set(this.rest.subarray(0,e)),ce[e]=128,gt(ce,n-8,Math.floor(this.length/2**29)),gt(ce,n-4,this.length<<3);for(let i=0;i<n;i+=P)ft(t,ce,i);let o=new Uint8Array(32);for(let i=0;i<8;i++)gt(o,4*i,t[i]);return o}};function ke(r){return new G().update(r).digest()}function yt(r){let t=new Uint8Array(Math.ceil((r.length+17)/128)*128);t.set(r),t[r.length]=128;let e=new DataView(t.buffer);e.setBigUint64(t.length-8,BigInt(r.length)*8n);let n=ln;for(let s=0;s<t.length;s+=128)n=pr(n,e,s);let o=new Uint8Array(64),i=new DataView(o.buffer);return n.forEach((s,a)=>i.setBigUint64(a*8,s)),o}function ft(r,t,e){let n=hr;for(let f=0;f<16;f++,e+=4)n[f]=t[e]<<24|t[e+1]<<16|t[e+2]<<8|t[e+3];for(let f=16;f<64;f++){let y=n[f-15],_=n[f-2],U=(y>>>7|y<<25)^(y>>>18|y<<14)^y>>>3,ne=(_>>>17|_<<15)^(_>>>19|_<<13)^_>>>10;n[f]=n[f-16]+U+n[f-7]+ne|0}let o=r[0],i=r[1],s=r[2],a=r[3],l=r[4],d=r[5],m=r[6],p=r[7];for(let f=0;f<64;f++){let y=(l>>>6|l<<26)^(l>>>11|l<<21)^(l>>>25|l<<7),_=p+y+(m^l&(d^m))+cr[f]+n[f]|0,ne=((o>>>2|o<<30)^(o>>>13|o<<19)^(o>>>22|o<<10))+(o&i|s&(o|i))|0;p=m,m=d,d=l,l=a+_|0,a=s,s=i,i=o,o=_+ne|0}r[0]+=o,r[1]+=i,r[2]+=s,r[3]+=a,r[4]+=l,r[5]+=d,r[6]+=m,r[7]+=p}function pr(r,t,e){let n=Array.from({length:16},(f,y)=>t.getBigUint64(e+8*y));for(let f=16;f<80;f++){let y=n[f-15],_=n[f-2],U=H(y,1n)^H(y,8n)^y>>7n,ne=H(_,19n)^H(_,61n)^_>>6n;n.push(BigInt.asUintN(64,n[f-16]+U+n[f-7]+ne))}let[o,i,s,a,l,d,m,p]=r;return n.forEach((f,y)=>{let _=H(l,14n)^H(l,18n)^H(l,41n),U=p+_+(l&d^~l&m)+an[y]+f,Rn=(H(o,28n)^H(o,34n)^H(o,39n))+(o&i^o&s^i&s);[o,i,s,a,l,d,m,p]=[BigInt.asUintN(64,U+Rn),o,i,s,BigInt.asUintN(64,a+U),l,d,m]}),[o,i,s,a,l,d,m,p].map((f,y)=>BigInt.asUintN(64,f+r[y]))}function gt(r,t,e){r[t]=e>>>24,r[t+1]=e>>>16,r[t+2]=e>>>8,r[t+3]=e}function H(r,t){return BigInt.asUintN(64,r>>t|r<<64n-t)}function cn(r,t){let e=1n<<BigInt(r.toString(2).length)/t+1n;for(;;){let n=((t-1n)*e+r/e**(t-1n))/t;if(n>=e)return e;e=n}}function dn(r){return Number(BigInt.asIntN(32,r>>32n))}function ur(r){if(r<2)return!1;for(let t=2;t*t<=r;t++)if(r%t===0)return!1;return!0}var x=2n**255n-19n,hn=2n**252n+27742317777372353535851937790883648493n,un=te(-121665n*Ve(121666n)),mr=xt(2n,(x-1n)/4n),pn=[0n,1n,1n,0n],vt=2n**255n,Ae=32,fr=mn(fn(te(4n*Ve(5n))));function _t(r,t,e){let n=mn(r);if(!n||e.length!==2*Ae)return!1;let o=e.subarray(0,Ae),i=wt(e.subarray(Ae));if(i>=hn)return!1;let s=wt(yt($e(o,r,t)))%hn;return M(br(yr(i,fr,s,gr(n))),o)}function bt([r,t,e,n],[o,i,s,a]){let l=(t-r)*(i-o)%x,d=(t+r)*(i+o)%x,m=2n*n*a%x*un%x,p=2n*e*s%x,[f,y,_,U]=[d-l,p-m,p+m,d+l];return[f*y%x,_*U%x,y*_%x,f*U%x]}function gr([r,t,e,n]){return[-r,t,e,-n]}function yr(r,t,e,n){let o=[pn,t,n,bt(t,n)],[i,s]=[r,e].map(l=>l.toString(2).padStart(256,"0")),a=pn;for(let l=0;l<256;l++){a=bt(a,a);let d=Number(i[l])+2*Number(s[l]);d&&(a=bt(a,o[d]))}return a}function br([r,t,e]){let n=Ve(te(e)),o=te(r*n)&1n;return fn(te(t*n)|o*vt)}function mn(r){if(r.length!==Ae)return null;let t=wt(r),e=t/vt,n=t%vt,o=n<x?vr(n):null;if(o===null||e&&!o)return null;let i=(o&1n)===e?o:x-o;return[i,n,1n,i*n%x]}function vr(r){let t=te((r*r-1n)*Ve(te(un*r*r+1n))),e=xt(t,(x+3n)/8n);return[e,e*mr%x].find(o=>o*o%x===t)??null}function wt(r){return r.reduceRight((t,e)=>t<<8n|BigInt(e),0n)}function fn(r){return Uint8Array.from({length:Ae},(t,e)=>Number(r>>BigInt(8*e)&255n))}function te(r){let t=r%x;return t<0n?t+x:t}function Ve(r){return xt(r,x-2n)}function xt(r,t){let e=1n;for(let n of t.toString(2))e=e*e%x,n==="1"&&(e=e*r%x);return e}var De=globalThis.crypto?.subtle,gn;async function $t(r,t,e){if(gn??=wr(),!De||!await gn)return _t(r,t,e);try{let n=await De.importKey("raw",r,"Ed25519",!1,["verify"]);return await De.verify("Ed25519",n,e,t)}catch{return!1}}async function wr(){let r="d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",t=Uint8Array.from({length:32},(e,n)=>parseInt(r.slice(2*n,2*n+2),16));try{return!!await De?.importKey("raw",t,"Ed25519",!1,["verify"])}catch{return!1}}function yn(r){try{return JSON.parse(r)}catch{throw new g("Not JSON")}}function Se(r){return typeof r=="object"&&r!==null&&!Array.isArray(r)}var de=32,wn=ke(new Uint8Array),_r=Uint8Array.of(0),xr=Uint8Array.of(1);function Ee(r){return new G().update(_r).update(r).digest()}function _n(r,t){return new G().update(xr).update(r).update(t).digest()}function Fe(r,t,e,n,o){if(r<0||r>=t)throw new I(`No leaf ${r} in a log of ${t}`);$r(e,o,...n);let i=new kt(r,t-1),s=e;if(n.forEach((a,l)=>{s=i.isRight()?vn(a,s,l):vn(s,a,l),i.climb()}),i.checkEnd(),!M(s,o))throw new I("The proof leads to another root")}var bn=[];function vn(r,t,e){let n=bn[e];if(n&&M(n.left,r)&&M(n.right,t))return n.parent;let o=_n(r,t);return bn[e]={left:r,right:t,parent:o},o}var kt=class{constructor(t,e){this.node=t;this.last=e}isRight(){if(!this.last)throw new I("The proof is too long");return this.node%2===1||this.node===this.last}climb(){if(this.node===this.last)for(;this.node&&this.node%2===0;)this.up();this.up()}climbWhileRight(){for(;this.node%2===1;)this.up()}checkEnd(){if(this.last)throw new I("The proof is too short")}up(){this.node=Math.floor(this.node/2),this.last=Math.floor(this.last/2)}};function $r(...r){if(r.some(t=>t.length!==de))throw new I(`A hash is not ${de} bytes long`)}var Ke=65536,kr=1,Ar=32,qe=4,Sr=/[ \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/,Er=/[\0-\x1f]/,he=class r{constructor(t,e,n,o){this.text=t;this.name=e;this.publicKey=n;this.id=o}static parse(t){let[,e,n,o]=/^([^+]*)\+([^+]*)\+([^]*)$/.exec(t)??[];if(e===void 0||n===void 0||o===void 0)throw new g("Not a verifier key");let i=J(o);if(i[0]!==kr)throw new g("Not an Ed25519 verifier key");if(xn(e),i.length!==1+Ar)throw new g("A public key that is not 32 bytes long");let s=ke($e(xe(`${e}
`),i)).slice(0,qe);if(le(s)!==n)throw new g("The key id is not that of the verifier key");return new r(t,e,i.slice(1),s)}};async function Je(r,t){let[e,n]=Cr(r),[o,i]=n.filter(([a,l])=>a===t.name&&M(l.subarray(0,qe),t.id));if(!o)throw new se(`Not signed by ${t.name}`);if(i)throw new g(`Signed more than once by ${t.name}`);if(!await $t(t.publicKey,xe(e),o[1].slice(qe)))throw new se(`Not signed by ${t.name}`);return e}function Cr(r){if(!ee(r,Ke))throw new g("A note that is too long");let t=r.lastIndexOf(`

`);if(t<0||!r.slice(t+2).endsWith(`
`))throw new g("Not a signed note");let e=r.slice(0,t+1);$n(e.replaceAll(`
`,""));let n=r.slice(t+2,-1).split(`
`);return[e,n.map(Tr)]}function Tr(r){let[,t,e]=/^— ([^ ]*) ([^]*)$/.exec(r)??[];if(t===void 0||e===void 0)throw new g("Not a signature line");xn(t);let n=J(e);if(n.length<=qe)throw new g("A signature that is too short");return[t,n]}function xn(r){if($n(r),!r||r.includes("+")||Sr.test(r))throw new g("Not a key name")}function $n(r){if(Er.test(r))throw new g("A control character in a note");ae(r)}var Rr=/^(?:0|[1-9][0-9]{0,18})$/;async function Ge(r,t){let e=(await Je(r,t)).split(`
`),[n,o,i,s]=e;if(e.length!==4||!n||o===void 0||i===void 0||s)throw new g("A checkpoint has three lines");let a={origin:n,size:Ce(o),root:J(i),note:r};if(a.root.length!==de)throw new g("Not the size and root of a log");if(!a.size&&!M(a.root,wn))throw new g("An empty log with the root of another");if(n!==t.name)throw new g(`A checkpoint of ${n}, not of ${t.name}`);return a}function Ce(r){let t=Number(r);if(!Rr.test(r)||!Number.isSafeInteger(t))throw new g("Not a number");return t}var kn=2048,Pr=65535,Or=/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})Z$/,Lr=/^[0-9a-f]{32}$/;function We(r){if(r.length>Pr)throw new g(`A leaf of ${r.length} bytes`);let t=Be(r),e=Nr(yn(t));if(St(e)!==t)throw new g("A leaf that is not in canonical form");return e}function St(r){return`{"entity_id":${JSON.stringify(r.entity_id)},"last_updated":"${r.last_updated}","salt":"${r.salt}","sequence":${r.sequence},"state":${JSON.stringify(r.state)},"unit":${JSON.stringify(r.unit)}}`}function Ze(r){let[,...t]=Or.exec(r)??[],[e=0,n=0,o=0,i=0,s=0,a=0]=t.map(Number);if(!(e>0&&o>0&&o<=Mr(e,n)&&i<24&&s<60&&a<60))throw new g("Not a time");return r}function Et(r){return Date.parse(`${r.slice(0,19)}Z`)+Number(r.slice(20,26))/1e3}function Nr(r){if(!Se(r))throw new g("Not a leaf");let{entity_id:t,last_updated:e,salt:n,sequence:o,state:i,unit:s}=r;if(!At(t)||t===""||!At(i)||!(s===null||At(s))||!(typeof n=="string"&&Lr.test(n))||!(typeof o=="number"&&Number.isSafeInteger(o)&&o>=0)||typeof e!="string")throw new g("Not a leaf");return{entity_id:t,last_updated:Ze(e),salt:n,sequence:o,state:i,unit:s}}function At(r){return typeof r!="string"||!ee(r,kn)?!1:(ae(r),!0)}function Mr(r,t){return[0,31,r%4===0&&r%100!==0||r%400===0?29:28,31,30,31,30,31,31,30,31,30,31][t]??0}var zr=63,Ur=/^c2sp\.org\/tlog-proof@v1\nindex ([0-9]+)\n((?:[^\n]+\n)*)\n([^]*)$/;function An(r){let[,t,e,n]=Ur.exec(r)??[];if(!ee(r,2*Ke)||t===void 0||e===void 0||n===void 0)throw new g("Not an inclusion proof");let o=e.split(`
`).slice(0,-1).map(J);if(o.length>zr)throw new g("A proof of too many hashes");if(o.some(i=>i.length!==de))throw new g("Not a hash");return{index:Ce(t),hashes:o,note:n}}async function Ct(r){let t=[],e=async(o,i,s)=>{try{let a=await i();return t.push({name:o,ok:!0,value:s(a)}),a}catch(a){throw a instanceof R&&t.push({name:o,ok:!1,problem:a.message}),a}},n=new TextEncoder().encode(r.leaf);try{let o=await e("leaf",()=>We(xe(r.leaf)),()=>le(Ee(n))),i=await e("key",()=>he.parse(r.verifierKey),l=>le(l.id)),s=jr(r.proof,t),a=await e("signature",()=>Ge(s.note,i),l=>String(l.size));return await e("inclusion",()=>Fe(s.index,a.size,Ee(n),s.hashes,a.root),()=>Ie(a.root)),{ok:!0,steps:t,leaf:o,checkpoint:a}}catch(o){if(o instanceof R)return{ok:!1,steps:t};throw o}}function jr(r,t){try{return An(r)}catch(e){throw e instanceof R&&t.push({name:"signature",ok:!1,problem:e.message}),e}}var ss=2**20;var Vr="sensorchain-bundle/v1";var ys=2**25;var bs=`{"format":"${Vr}",`;var Sn='"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="',vs=new RegExp(`^\\[(?:${Sn}(?:,${Sn})*)?\\]\\}$`);var O=class extends ${constructor(){super(...arguments);this.lines=[];this.ledgers=[];this.problem=""}connectedCallback(){super.connectedCallback(),this.check()}async check(){try{let e=await Jt(this.hass,this.entity,this.reading.index),n=await Ct({leaf:e.leaf,proof:e.proof,verifierKey:e.verifier_key}),o=n.leaf?Wr(n.leaf,this.reading):!1;if(this.lines=[...n.steps.map(a=>this.line(a)),...n.ok?[{label:this.say("step_shown"),ok:o}]:[]],!n.ok||!o)return void(this.outcome="forged");let i=await Gt(this.hass,this.entity,this.reading.index),s=n.checkpoint?.size??0;this.ledgers=i.map(a=>this.ledger(a)),this.conclude(i.filter(a=>a.size>=s))}catch(e){this.problem=e.message??String(e)}}conclude(e){let n=e.filter(o=>o.status==="confirmed"&&o.existed_before).map(o=>Date.parse(o.existed_before));this.since=n.length?Math.min(...n):void 0,e.some(o=>o.status==="lost")?this.outcome="forged":e.some(o=>o.status==="confirmed")?this.outcome="genuine":this.outcome=e.length?"not_asked":"not_yet"}line({name:e,ok:n,value:o="",problem:i}){let s=e==="signature"&&o?this.say("checkpoint_of",{n:E(this.hass,Number(o))}):o;return{label:this.say(`step_${e}`),ok:n,value:s,problem:i,isCode:e!=="signature"}}ledger(e){let n=e.existed_before?this.say("since",{time:F(this.hass,Date.parse(e.existed_before),this.now())}):void 0;return{label:this.say("step_ledger",{ledger:ie(e.title)}),ok:e.error?void 0:e.status==="confirmed",value:[e.place,n].filter(Boolean).join(", "),problem:e.error??e.problem??void 0}}now(){return k.of(this.hass.connection).now()}say(e,n){return v(this.hass.language,e,n)}render(){let e=!this.outcome&&!this.problem;return c`<div class="check" role="status" aria-live="polite" aria-busy=${e}>
      ${this.group("in_browser",this.lines,0)} ${this.group("by_home",this.ledgers,this.lines.length)}
      ${e?c`<p class="going secondary"><span class="spinner"></span>${this.say("verifying")}</p>`:h}
      ${this.problem?c`<p class="result forged">${this.problem}</p>`:h} ${this.result()}
    </div>`}group(e,n,o){return n.length?c`<h3 class="secondary">${this.say(e)}</h3>
      <ul>
        ${n.map((i,s)=>c`<li class=${En(i)} style="animation-delay: ${(o+s)*90}ms">
              <svg viewBox="0 0 20 20" aria-hidden="true"><path d=${Gr[En(i)]} /></svg>
              <div>
                <div>${i.label}</div>
                ${i.problem?c`<div class="secondary">${i.problem}</div>`:h}
                ${i.value?c`<div class="secondary ${i.isCode?"code":""}">${i.value}</div>`:h}
              </div>
            </li>`)}
      </ul>`:h}result(){if(!this.outcome)return h;let e=this.since?c`<time title=${q(this.hass,this.since)}>${F(this.hass,this.since,this.now())}</time>`:c`…`,[n,o]=this.say(this.outcome,{time:`
`}).split(`
`);return c`<p class="result ${this.outcome}">
      ${j("verify")}<span>${n}${o===void 0?h:[e,o]}</span>
    </p>`}static{this.styles=[T,S`
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
    `]}};u([w({attribute:!1})],O.prototype,"hass",2),u([w({attribute:!1})],O.prototype,"entity",2),u([w({attribute:!1})],O.prototype,"reading",2),u([b()],O.prototype,"lines",2),u([b()],O.prototype,"ledgers",2),u([b()],O.prototype,"outcome",2),u([b()],O.prototype,"since",2),u([b()],O.prototype,"problem",2);var Gr={good:"m4 10.5 4 4 8-9",bad:"m5 5 10 10m0-10-10 10",unknown:"M10 4v7m0 4.5v.01"};function En(r){return r.ok===void 0?"unknown":r.ok?"good":"bad"}function Wr(r,t){return r.entity_id===t.entity_id&&r.state===t.state&&r.unit===t.unit&&r.sequence===t.sequence&&Math.abs(Et(r.last_updated)-Date.parse(t.time))<1}var L=class extends ${constructor(){super(...arguments);this.readings=[];this.next=null;this.day="";this.isLoading=!1;this.problem="";this.hours=24}async show(e,n,o){Object.assign(this,{hass:e,entity:n,hours:o,readings:[],next:null,day:"",opened:void 0,problem:""}),await this.updateComplete,this.dialog?.showModal(),this.stop=k.of(e.connection).listen(()=>{this.refresh()}),await this.load()}get dialog(){return this.renderRoot.querySelector("dialog")}closed(){this.stop?.(),this.stop=this.entity=void 0}disconnectedCallback(){super.disconnectedCallback(),this.closed()}async load(e){let{hass:n,entity:o,day:i}=this;if(!(!n||!o||this.isLoading)){this.isLoading=!0;try{let s=await ht(n,o,{limit:30,...e===void 0?{}:{before:e},...i?ut(i):{}});this.readings=e===void 0?s.readings:[...this.readings,...s.readings],this.next=s.next}catch(s){this.problem=s.message??String(s)}finally{this.isLoading=!1}}}async refresh(){let{hass:e,entity:n}=this;if(!e||!n)return;let i=k.of(e.connection).entities.get(`${n.log}/${n.entity_id}`);if(!i||i===n)return;this.entity=i;let s=this.readings[0]?.index===i.reading?.index,a=this.readings.every(p=>p.status==="confirmed");if(this.day||s&&a)return;let l=await ht(e,i,{limit:30}).catch(()=>{});if(!l)return;let d=l.readings[l.readings.length-1]?.index??1/0,m=this.readings.filter(p=>p.index<d);this.readings=[...l.readings,...m],m.length||(this.next=l.next)}choose(e){Object.assign(this,{day:e,readings:[],next:null,opened:void 0}),this.load()}async download(e){let{hass:n,entity:o}=this;if(!(!n||!o))try{await Zt(n,o,e)}catch(i){this.problem=i.message??String(i)}}say(e,n){return v(this.hass?.language??"en",e,n)}render(){let{hass:e,entity:n}=this;return c`<dialog
      aria-labelledby="title"
      @close=${this.closed}
      @click=${o=>o.target===o.currentTarget&&this.dialog?.close()}
    >
      ${e&&n?this.content(e,n):h}
    </dialog>`}content(e,n){let o=e.states[n.entity_id],i=k.of(e.connection).logs.get(n.log),s=this.day?ut(this.day):{};return c`<div class="page">
      <header>
        <button class="icon-button" @click=${()=>this.dialog?.close()} aria-label=${this.say("close")}>
          ${j("close")}
        </button>
        <span class="icon ${n.status??"none"}">${mt(e,o)}</span>
        <div class="names">
          <h2 id="title">${_e(o,n)}</h2>
          <div class="secondary">${i?.title} · ${this.say(n.public?"public":"private")}</div>
        </div>
        <span class="value">${o?e.formatEntityState(o):h}</span>
      </header>
      <div class="body">
        ${this.timeline(e,n,i)}
        <div class="tools">
          <label class="day">
            <span class="sr">${this.say("day")}</span>
            <input
              type="date"
              .value=${this.day}
              @change=${a=>this.choose(a.target.value)}
            />
          </label>
          ${this.day?c`<button class="action" @click=${()=>this.choose("")}>${this.say("all_days")}</button>`:h}
          <button class="action all" @click=${()=>this.download(s)}>
            ${j("download")} ${this.say("download_all")}
          </button>
        </div>
        ${this.problem?c`<p class="problem" role="alert">${this.problem}</p>`:h}
        <ol aria-label=${this.say("readings")} aria-busy=${this.isLoading}>
          ${this.readings.map(a=>this.reading(e,n,a))}
        </ol>
        ${this.end()}
      </div>
    </div>`}timeline(e,n,o){if(!o)return h;let i=k.of(e.connection).now(),s=[1,.75,.5,.25].map(a=>i-a*this.hours*36e5);return c`<div class="timeline">
      <sensorchain-timeline
        .hass=${e}
        .entity=${n}
        .log=${o}
        .hours=${this.hours}
        .height=${72}
      ></sensorchain-timeline>
      <div class="axis secondary" aria-hidden="true">
        ${s.map(a=>c`<span>${F(e,a,i,{seconds:!1})}</span>`)}
        <span>${this.say("now")}</span>
      </div>
    </div>`}end(){if(this.isLoading&&!this.readings.length)return c`<p class="end secondary">${this.say("loading")}</p>`;if(!this.readings.length)return c`<p class="end secondary">${this.say(this.day?"no_readings":"waiting")}</p>`;let e=this.next;return e===null?h:c`<button class="action older" ?disabled=${this.isLoading} @click=${()=>this.load(e)}>
      ${this.say("older")}
    </button>`}reading(e,n,o){let i=k.of(e.connection),s=Date.parse(o.time),a=this.opened===o.index,l=o.anchor,d=l?i.ledgers.get(l.ledger):void 0,m=()=>this.opened=a?void 0:o.index,p={index:String(o.index)};return o.status!=="confirmed"&&(p.unconfirmed="true"),c`<li class=${a?"open":""}>
      <div class="reading">
        <span class="mark">${C(o.status)}</span>
        <div class="what">
          <div class="first">
            <time title=${q(e,s)}>${F(e,s,i.now())}</time>
            <b>${o.state}${o.unit?c` <small>${o.unit}</small>`:h}</b>
          </div>
          <div class="secondary">
            ${this.say(o.status)}${d?` · ${ie(d.title)}`:h}
            ${l?.explorer?c` ·
                    <a
                      href=${l.explorer}
                      target="_blank"
                      rel="noreferrer"
                      aria-label=${this.say("transaction",{name:ze(l.transaction)})}
                      >${ze(l.transaction)}</a
                    >`:l?c` · <span title=${l.transaction}>${ze(l.transaction)}</span>`:h}
            · ${this.say("number",{n:E(e,o.index)})}
          </div>
        </div>
        <button
          class="icon-button verify"
          aria-expanded=${a}
          title=${this.say("verify")}
          aria-label=${this.say("verify")}
          @click=${m}
        >
          ${j("verify")}
        </button>
        <button
          class="icon-button"
          title=${this.say("download")}
          aria-label=${this.say("download")}
          @click=${()=>this.download(p)}
        >
          ${j("download")}
        </button>
      </div>
      ${a?c`<sensorchain-check .hass=${e} .entity=${n} .reading=${o}></sensorchain-check>`:h}
    </li>`}static{this.styles=[T,S`
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
      }
    `]}};u([b()],L.prototype,"hass",2),u([b()],L.prototype,"entity",2),u([b()],L.prototype,"readings",2),u([b()],L.prototype,"next",2),u([b()],L.prototype,"day",2),u([b()],L.prototype,"isLoading",2),u([b()],L.prototype,"opened",2),u([b()],L.prototype,"problem",2);var Zr=5e3,Tt="en",V=class extends ${constructor(){super(...arguments);this.tick=0;this.asked=new Map;this.problem="";this.clock=0}setConfig(e){this.config=e}static getStubConfig(){return{}}static getConfigForm(){return{schema:[{name:"ledger",selector:{device:{filter:[{integration:"sensorchain",model:"Ledger"}]}}}],computeLabel:()=>v(Tt,"opt_ledger"),computeHelper:()=>v(Tt,"opt_ledger_help")}}getCardSize(){return 4*Math.max(1,this.shown().length)}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.clock=window.setInterval(()=>this.tick++,Zr),this.follow()}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.clock),this.stop?.(),this.stop=this.overview=void 0}follow(){if(!this.hass||!this.isConnected)return;Tt=this.hass.language;let e=k.of(this.hass.connection);e!==this.overview&&(this.stop?.(),this.overview=e,this.stop=e.listen(()=>this.requestUpdate()))}willUpdate(e){e.has("hass")&&this.follow()}shouldUpdate(e){let n=e.get("hass");return e.size!==1||!n||n.locale!==this.hass?.locale}shown(){let e=[...this.overview?.ledgers??[]];return this.config?.ledger?e.filter(([,n])=>n.device===this.config?.ledger):e}say(e,n){return v(this.hass?.language??"en",e,n)}render(){let{hass:e,overview:n}=this;if(!e||!n)return c`<ha-card></ha-card>`;let o=this.shown();return c`<ha-card>
      ${o.map(([i,s])=>this.ledger(e,i,s))}
      ${o.length?h:c`<p class="message">${this.emptiness(n)}</p>`}
      ${this.problem?c`<p class="problem" role="alert">${this.problem}</p>`:h}
    </ha-card>`}emptiness(e){return e.problem?this.say("not_there",{error:e.problem}):this.say(e.isKnown?e.logs.size?"no_ledger":"nothing":"loading")}ledger(e,n,o){let i=this.overview?.logs.get(o.log);return c`<section aria-label=${o.title}>
      <div class="head">
        <span class="icon">${j("anchor")}</span>
        <div class="names">
          <h2>${o.title}</h2>
          <div class="secondary">${i?.title}</div>
        </div>
        ${this.connection(o)}
      </div>
      ${o.error?c`<p class="problem">${o.error}</p>`:h} ${this.way(e,o,i?.size??0)}
      <dl>
        ${this.facts(e,o).map(([s,a])=>c`<div>
              <dt class="secondary">${this.say(s)}</dt>
              <dd>${a}</dd>
            </div>`)}
      </dl>
      ${o.can_anchor?this.button(n,o,i?.size??0):h}
    </section>`}connection(e){let[n,o]=e.rejected?["failed","rejected"]:e.connected===!1?["unreachable","disconnected"]:e.connected?["confirmed","connected"]:["recorded","asking"];return c`<span class="connection ${n}">${C(n)}<span>${this.say(o)}</span></span>`}way(e,n,o){let i=[["recorded",o-n.submitted_size],["submitted",n.submitted_size-n.confirmed_size],["confirmed",n.confirmed_size]];return c`<ol class="way">
      ${i.map(([s,a],l)=>c`<li class="${s} ${a||l===2?"some":""}">
            <span class="stage">${C(s)}</span>
            <span class="count">${E(e,a)}</span>
            <span class="secondary">${this.say(s)}</span>
          </li>`)}
    </ol>`}facts(e,n){let o=[["last_anchor",this.lastAnchor(e,n)],["cadence",Q(e,n.cadence)]];return n.seconds_to_confirmation!==null&&o.push(["usual",Q(e,Math.max(1,n.seconds_to_confirmation))]),o.push(["cost",this.cost(n)]),n.cost?.balance&&o.push(["balance",this.balance(e,n)]),n.awaiting&&n.expected_at&&n.submitted_size>n.confirmed_size&&o.push(["next",this.expected(e,Date.parse(n.expected_at))]),o}lastAnchor(e,n){let o=n.last_anchor??n.last_confirmed;if(!o)return this.say("never");let i=Date.parse(o.prepared_at),s=c`<time title=${q(e,i)}
      >${Me(e,i,this.overview?.now()??Date.now())??this.say("just_now")}</time
    >`;return o.explorer?c`<a href=${o.explorer} target="_blank" rel="noreferrer" title=${o.transaction}>${s}</a>`:s}expected(e,n){let o=this.overview?.now()??Date.now();return n-o<6e4?this.say("any_moment"):this.say("about",{time:F(e,n,o,{seconds:!1})})}cost({cost:e}){if(!e)return this.say("free");let n=e.last?`${e.last} ${e.unit}`:"–";return e.spent?`${n}, ${this.say("spent",{amount:`${e.spent} ${e.unit}`})}`:n}balance(e,{cost:n}){if(!n)return"";let o=n.anchors_left===null?"":`, ${this.say("anchors_left",{n:E(e,n.anchors_left)})}`;return c`${n.is_low?C("overdue"):h} ${n.balance} ${n.unit}${o}`}button(e,n,o){let i=this.asked.get(e),s=i!==void 0&&n.confirmed_size<i,a=n.confirmed_size>=o,l=s?"anchoring":a?i===void 0?"up_to_date":"anchored":"anchor_now",d=s?n.submitted_size>=i?70:25:0;return c`<button
      class="action anchor"
      ?disabled=${a||s||n.submitted_size>=o}
      @click=${()=>this.anchor(e)}
    >
      ${s?c`<span class="progress" style="inline-size: ${d}%"></span>`:h}
      <span class="label" role="status">${a?C("confirmed"):j("anchor")} ${this.say(l)}</span>
    </button>`}async anchor(e){if(this.hass){this.problem="";try{let n=await Wt(this.hass,e);this.asked=new Map(this.asked).set(e,n)}catch(n){this.problem=n.message??String(n)}}}static{this.styles=[T,S`
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
    `]}};u([w({attribute:!1})],V.prototype,"hass",2),u([b()],V.prototype,"config",2),u([b()],V.prototype,"tick",2),u([b()],V.prototype,"asked",2),u([b()],V.prototype,"problem",2);var Xe=72,pe=9,Cn=6,z=class extends ${constructor(){super(...arguments);this.hours=24;this.height=24;this.width=0;this.version=0;this.marks=new Map;this.isVisible=!1;this.followed="";this.watched=new IntersectionObserver(([e])=>{this.isVisible=e?.isIntersecting??!1,this.follow()});this.sized=new ResizeObserver(([e])=>this.width=Math.round(e?.contentRect.width??0));this.clock=0}connectedCallback(){super.connectedCallback(),this.watched.observe(this),this.sized.observe(this),this.clock=window.setInterval(()=>this.isVisible&&this.version++,Math.max(5,this.seconds/2)*1e3)}disconnectedCallback(){super.disconnectedCallback(),this.watched.disconnect(),this.sized.disconnect(),window.clearInterval(this.clock),this.isVisible=!1,this.follow()}get seconds(){return this.hours*3600/Xe}follow(){let e=this.isVisible?`${this.entity.log}/${this.entity.entity_id}/${this.hours}`:"";if(e===this.followed||(this.stop?.(),this.stop=void 0,this.followed=e,!e))return;let n=this.hass.connection.subscribeMessage(o=>this.receive(o),{type:"sensorchain/timeline",log:this.entity.log,entity_id:this.entity.entity_id,hours:this.hours,slot:this.seconds});n.catch(()=>{}),this.stop=()=>{n.then(o=>o()).catch(()=>{})}}receive(e){e.full&&this.marks.clear();for(let n of e.slots)this.add(n);this.version++}add([e,n,o,i,s]){let a=this.marks.get(e);this.marks.set(e,{count:n+(a?.count??0),first:a?.first??o,last:i,value:s.trim()===""?NaN:Number(s)})}willUpdate(e){(e.has("entity")||e.has("hours"))&&this.follow()}render(){let e=Math.floor(k.of(this.hass.connection).now()/1e3/this.seconds),n=e-Xe+1,o=[];for(let[i,s]of this.marks)i<n?this.marks.delete(i):o.push([Math.min(i,e)-n,s]);return c`<svg
      role="img"
      aria-label=${this.label(o)}
      viewBox="0 0 ${this.width} ${this.total}"
      width=${this.width}
      height=${this.total}
    >
      ${this.width?[this.line(o),this.beads(o)]:h}
    </svg>`}get total(){return this.height+Cn+pe}get pitch(){return this.width/Xe}label(e){let n=o=>o.reduce((i,[,s])=>i+s.count,0);return v(this.hass.language,"timeline",{n:E(this.hass,n(e)),time:Q(this.hass,this.hours*3600),confirmed:E(this.hass,n(e.filter(([,o])=>this.status(o)==="confirmed")))})}status(e){return e.last<this.log.confirmed_size?"confirmed":e.last<this.log.submitted_size?"submitted":this.entity.status==="failed"?"failed":"recorded"}beads(e){let n=Math.max(1.75,Math.min(6,this.pitch*.64)),o=new Map(e),i=this.height+Cn,s=[];for(let a=0;a<Xe;a++){let l=a*this.pitch+(this.pitch-n)/2,d=o.get(a);s.push(d?Xr(this.status(d),l,i,n):A`<circle class="empty" cx=${l+n/2} cy=${i+pe/2} r="0.9" />`)}return A`${s}`}line(e){let n=e.filter(([,m])=>Number.isFinite(m.value)).sort(([m],[p])=>m-p);if(n.length<2)return h;let o=n.map(([,m])=>m.value),i=Math.min(...o),s=Math.max(...o)-i,a=n.map(([m,p])=>{let f=1.5+(s?1-(p.value-i)/s:.5)*(this.height-3);return`${((m+.5)*this.pitch).toFixed(1)} ${f.toFixed(1)}`}),[l="0"]=a[0]?.split(" ")??[],[d="0"]=a[a.length-1]?.split(" ")??[];return A`
      <defs><linearGradient id="fade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="top" /><stop offset="1" class="bottom" /></linearGradient></defs>
      <path class="area" d="M${l} ${this.height}L${a.join("L")}L${d} ${this.height}Z" />
      <path class="line" d="M${a.join("L")}" />`}static{this.styles=[T,S`
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
      .empty {
        fill: var(--sc-line);
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
    `]}};u([w({attribute:!1})],z.prototype,"hass",2),u([w({attribute:!1})],z.prototype,"entity",2),u([w({attribute:!1})],z.prototype,"log",2),u([w({type:Number})],z.prototype,"hours",2),u([w({type:Number})],z.prototype,"height",2),u([b()],z.prototype,"width",2),u([b()],z.prototype,"version",2);function Xr(r,t,e,n){let o=n/2;if(r==="failed"){let i=s=>A`<rect class="content" x=${t} y=${s} width=${n} height=${pe/3} />`;return A`<g class="failed">${i(e)}${i(e+2*pe/3)}</g>`}return A`<g class=${r}>
    <rect class="outline" x=${t+.5} y=${e+.5} width=${n-1} height=${pe-1} rx=${o-.5} />
    <rect class="content" x=${t} y=${e} width=${n} height=${pe} rx=${o} />
  </g>`}var Yr={"sensorchain-card":K,"sensorchain-ledger-card":V,"sensorchain-row":N,"sensorchain-timeline":z,"sensorchain-dialog":L,"sensorchain-check":O};for(let[r,t]of Object.entries(Yr))customElements.get(r)||customElements.define(r,t);var Tn="https://github.com/sensorchain/sensorchain/blob/main/docs/card.md",Ye=document.documentElement.lang||navigator.language,Qr=[{type:"sensorchain-card",name:v(Ye,"card_name"),description:v(Ye,"card_about"),preview:!0,documentationURL:Tn,getEntitySuggestion:(r,t)=>eo(r,t)?{config:{type:"custom:sensorchain-card",entities:[t]}}:null},{type:"sensorchain-ledger-card",name:v(Ye,"ledger_name"),description:v(Ye,"ledger_about"),preview:!0,documentationURL:Tn}];function eo(r,t){return Object.values(r.states).some(({attributes:e})=>e.source===t&&"last_confirmed"in e)}window.customCards??=[];for(let r of Qr)window.customCards.some(t=>t.type===r.type)||window.customCards.push(r);
