/** A small network in the interchange format, with everything that the format has. */
export const dogProblem = `// A problem of dogs and families.
network "Dog-Problem" { //5 variables
  property "author = nobody; really" ;
  property version 1.0;
}
variable "light-on" { //2 values
  type discrete[2] { "true" "false" };
  property "position = (218, 195)" ;
}
variable hear-bark { type discrete [ 3 ] { <5, 5-12, 12+ }; }
variable "dog out" { type discrete[2] { in/out, "in (the) garden" }; }
/* declared
   after its children */
variable family-out { property weight = { 1 } ; type discrete [ 2 ] { yes, no }; }
probability ( "light-on" family-out ) { table 0.6 0.05 0.4 0.95 ; }
probability ( hear-bark | "dog out" ) {
  default 0.25, .5, 2.5e-1;
  (in/out) 1, 0, 0;
}
probability ( "dog out" | family-out, "light-on" ) {
  property "of the dog";
  (yes, true) 0.9, 0.1;
  (no, "false") 0.4, 0.6;
  (yes, false) 0.3, 0.7;
  (no, true) 0.3333, 0.6666;
}
probability ( family-out ) { () 0.15, 0.85; }
`
