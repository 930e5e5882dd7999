#include "Formats/Q6_K.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_q6_k")]] kernel decltype(mat_vec<Q6_K>) mat_vec<Q6_K>;
template [[host_name("mat_mat_q6_k")]] kernel decltype(mat_mat<Q6_K>) mat_mat<Q6_K>;
template [[host_name("get_rows_q6_k")]] kernel decltype(get_rows<Q6_K>) get_rows<Q6_K>;
